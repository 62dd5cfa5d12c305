import { isVastaiError, type VastaiError } from '../base/errors.js';
import type { Client } from '../http/client.js';
import { deleteApiKey, listApiKeys } from './api-keys.js';
import { isOutcomeUnknown } from './unknown-outcome.js';

/** Deletes a key, unless it is gone already. @throws what `deleteApiKey` throws otherwise */
export async function deleteIfThere(client: Client, id: number): Promise<void> {
  await deleteApiKey(client, id).catch((error: unknown) => {
    if (!isVastaiError(error) || error.code !== 'not_found') throw error;
  });
}

/**
 * Deletes a key, and asks once more if the response was lost: the second one says whether the key is gone. For a key that only
 * this program knows, with the key that created it.
 *
 * @throws what `deleteApiKey` throws, if the key may still exist
 */
export async function deleteSurely(client: Client, id: number): Promise<void> {
  try {
    await deleteIfThere(client, id);
  } catch (error) {
    if (!isOutcomeUnknown(error) || (isVastaiError(error) && error.code === 'interrupted')) throw error;
    await deleteIfThere(client, id);
  }
}

/** Returns true if the list shows that a key is gone, after a deletion without a response, or one that the key may not do. */
export async function isGone(client: Client, id: number, error: VastaiError): Promise<boolean> {
  if (error.code === 'interrupted' || !(isOutcomeUnknown(error) || error.code === 'forbidden')) return false;
  const list = await listApiKeys(client).catch(() => undefined);
  return list !== undefined && list.leftOut === 0 && !list.value.some((key) => key.id === id);
}
