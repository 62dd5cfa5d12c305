import { listApiKeys } from '../../api/api-keys.js';
import { deleteSurely } from '../../api/sure-deletion.js';
import { TransportError } from '../../base/errors.js';
import type { Client } from '../../http/client.js';
import type { EphemeralEntry } from '../ledger/entries.js';

/**
 * Deletes the key of a run with the key that made it, for which "not found" proves that it is gone. A key whose id is not known,
 * because the response to its creation was lost, is found by its name.
 *
 * @returns true if the key was deleted or is gone; false if the list does not show it, but it may still appear
 * @throws VastaiError if the key may still exist
 */
export async function deleteKeyOfRun(client: Client, { id, name }: EphemeralEntry): Promise<boolean> {
  if (id !== undefined) {
    await deleteSurely(client, id);
    return true;
  }
  const { value: keys, leftOut } = await listApiKeys(client);
  const found = keys.filter((key) => key.name === name);
  if (found.length === 0 && leftOut > 0) throw new TransportError('The list of keys is not complete.', false);
  for (const key of found) await deleteSurely(client, key.id);
  return found.length > 0;
}
