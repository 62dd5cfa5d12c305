import { isVastaiError } from '../base/errors.js';
import type { Client } from '../http/client.js';
import { listApiKeys } from './api-keys.js';
import { currentUser, type User } from './users.js';

/** Says how much a key may do. `unknown` means that the API does not say. */
export type KeyAccess = 'full' | 'scoped' | 'unknown';

/**
 * Asks the API whether the key that the client sends has full access. A key that may not read its account or its keys is
 * scoped, since full access includes both.
 *
 * @param user the account of the key, if it is known already
 * @throws VastaiError `interrupted`, and unexpected errors; any other failure is `unknown`.
 */
export async function accessOfKey(client: Client, user?: User): Promise<KeyAccess> {
  try {
    const { key_id: id } = user ?? (await currentUser(client)).value;
    if (id === undefined) return 'unknown';
    const { value: keys } = await listApiKeys(client);
    const isFull = keys.find((key) => key.id === id)?.full_access ?? undefined;
    if (isFull === undefined) return 'unknown';
    return isFull ? 'full' : 'scoped';
  } catch (error) {
    if (!isVastaiError(error) || error.code === 'interrupted') throw error;
    return error.code === 'forbidden' ? 'scoped' : 'unknown';
  }
}
