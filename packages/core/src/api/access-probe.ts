import { isVastaiError } from '../base/errors.js';
import type { Client } from '../http/client.js';
import { isOfAnother } from '../http/errors/of-another.js';

/** Says whether the API lets a key use a route. `unknown` means that the response does not say. */
export interface ProbedAccess {
  readonly access: 'allowed' | 'denied' | 'unknown';
  /** Error message, unless access is allowed. Never contains anything that the route returned. */
  readonly reason?: string;
}

/**
 * Sends a GET request only to learn whether the key may use its route. Drops the content of the response.
 *
 * @param route path without parameters, which needs no query: `/api/v0/volumes/`
 * @throws what `Client.request` throws if the error is about the key or the connection, not about this route: ApiError
 *   `key_rejected`, `two_factor` or `rate_limited`, TransportError and InterruptedError.
 */
export async function probeAccess(client: Client, route: string): Promise<ProbedAccess> {
  try {
    await client.request({ method: 'GET', path: route });
    return { access: 'allowed' };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const { code, message: reason } = error;
    if (code === 'forbidden') return { access: isOfAnother(reason) ? 'unknown' : 'denied', reason };
    if (code === 'not_found' || code === 'api_error') return { access: 'unknown', reason };
    throw error;
  }
}
