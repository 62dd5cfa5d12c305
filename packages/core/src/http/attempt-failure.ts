import { isVastaiError, TransportError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';
import type { AttemptSettings, Outcome } from './outcome.js';
import { type Connection, longestWhole, UnreadableBody, type WireRequest } from './transport.js';

/** A request that failed. */
export interface FailedRequest {
  readonly request: WireRequest;
  readonly connection: Connection;
  readonly settings: AttemptSettings;
  /** True if its time was over. */
  readonly isLate: boolean;
  /** True if its response had begun to arrive. */
  readonly hasBegun?: boolean;
}

/** Returns the outcome of a request that failed with an error. @throws the error, if it is a fault of this program */
export async function failed(
  error: unknown,
  { request, connection, settings, isLate, hasBegun = false }: FailedRequest,
): Promise<Outcome> {
  const { method, url } = request;
  const { describeFailure, placeOf } = await import('./connection/connection-failure.js');
  const sent = connection.made;
  if (isLate) {
    const what = hasBegun ? 'sent nothing more' : sent ? 'did not respond' : 'could not be reached';
    const place = placeOf(url.origin, connection.proxyInTheWay);
    const message = `${place} ${what} within ${settings.timeoutMs / 1000} s.`;
    return failure(message, method, { sent, passing: true, hint: '--timeout SECONDS allows more time.' });
  }
  if (error instanceof UnreadableBody) {
    const { status, fault } = error;
    // The status alone describes an error of the server.
    if (status === 429 || status >= 500)
      return { kind: 'response', status, headers: {}, body: new Uint8Array(), response: '', fault };
    const what =
      fault === 'too long'
        ? `that is longer than ${longestWhole(request) / 2 ** 20} MiB`
        : 'whose compression is damaged or unknown';
    return failure(`${url.origin} sent a response ${what}.`, method, { sent, status });
  }
  const cause = connection.error ?? error;
  if (isVastaiError(cause)) throw cause;
  if (!(cause instanceof Error) || (connection.error === undefined && !('code' in cause || 'type' in cause)))
    throw error;
  const { message, hint, passing } = await describeFailure(
    cause,
    url.origin,
    connection.proxyInTheWay,
    settings.environment,
  );
  return failure(message, method, { sent, passing, hint });
}

/** Returns the outcome of a request without a response that counts. */
export function failure(
  message: string,
  method: string,
  facts: { sent: boolean; passing?: boolean; hint?: string | undefined; status?: number },
): Outcome {
  const { sent, passing = false, hint, status } = facts;
  const outcomeUnknown = sent && method !== 'GET';
  const error = new TransportError(
    outcomeUnknown ? `${message} The request may have taken effect anyway.` : message,
    outcomeUnknown,
    {
      ...(hint === undefined ? {} : { hint }),
      ...(status === undefined ? {} : { status }),
    },
  );
  return { kind: 'failure', error, sent, passing };
}

/** Returns the error for an interruption. */
export function interrupted(method: string, path: string, sent: boolean): InterruptedError {
  if (method === 'GET' || !sent) return new InterruptedError('Interrupted.', false);
  return new InterruptedError(`Interrupted during ${method} ${path}. It may have taken effect anyway.`, true);
}
