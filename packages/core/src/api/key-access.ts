import { isVastaiError } from '../base/errors.js';
import type { Client } from '../http/client.js';
import { listApiKeys } from './api-keys.js';
import type { User } from './users.js';

/** Says how much a key may do. `unknown` means that the API does not say. */
export type KeyAccess = 'full' | 'scoped' | 'unknown';

/**
 * Asks the API whether the key that the client sends has full access. A key that may not list the keys is scoped,
 * since full access includes that.
 *
 * @param user the account of the key, as the API returned it for this client
 * @throws VastaiError `interrupted`, and unexpected errors; any other failure is `unknown`.
 */
export async function accessOfKey(client: Client, { key_id: id }: User): Promise<KeyAccess> {
  if (id === undefined) return 'unknown';
  try {
    const { value: keys } = await listApiKeys(client);
    const isFull = keys.find((key) => key.id === id)?.full_access ?? undefined;
    if (isFull === undefined) return 'unknown';
    return isFull ? 'full' : 'scoped';
  } catch (error) {
    if (!isVastaiError(error) || error.code === 'interrupted') throw error;
    return error.code === 'forbidden' ? 'scoped' : 'unknown';
  }
}
