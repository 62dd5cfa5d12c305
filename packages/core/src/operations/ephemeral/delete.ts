import { listApiKeys } from '../../api/api-keys.js';
import { deleteSurely } from '../../api/sure-deletion.js';
import type { Advice } from '../../base/advice.js';
import { TransportError, type VastaiError } from '../../base/errors.js';
import type { Client } from '../../http/client.js';
import type { EphemeralEntry } from '../ledger/entries.js';

/** Names the key of a run that could not be deleted, and says why. */
export interface KeyLeft {
  readonly entry: EphemeralEntry;
  readonly error: VastaiError;
}

/** Returns the steps that delete the key of a run: first the login, if the two-factor session has ended. */
export function wayToDelete({ entry, error }: Partial<KeyLeft> & Pick<KeyLeft, 'entry'>): readonly Advice[] {
  const login = error?.code === 'two_factor' ? (error.advice ?? []) : [];
  return [...login, entry.id === undefined ? { do: 'list-keys' } : { do: 'delete-key', id: entry.id }];
}

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
