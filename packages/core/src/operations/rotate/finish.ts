import { deleteApiKey, listApiKeys } from '../../api/api-keys.js';
import { isGone } from '../../api/sure-deletion.js';
import type { ApiKey } from '../../base/api-key.js';
import { isVastaiError, type VastaiError, withDetails } from '../../base/errors.js';
import { KEYS_PAGE } from '../../base/keys-page.js';
import type { Client } from '../../http/client.js';
import type { RotationEntry } from '../ledger/entries.js';
import { ledgerTime, removeEntry } from '../ledger/ledger.js';
import { renewKeptCopy } from './kept-copy.js';
import { deleteOrphans } from './make.js';
import { closeRotation, leftOpen, type Rotated, type RotationContext } from './rotation.js';

/** Says how to finish a rotation whose new key is stored. */
export interface Finish {
  /** The new key, which is stored. */
  readonly key: ApiKey;
  /** True to delete the old key although the time that it should be kept for is not over. */
  readonly now: boolean;
  /** True if this run saved the new key. What was to be kept for any time is then kept: others have not seen the new key yet. */
  readonly isJustSaved: boolean;
  /** True if an earlier process began the rotation: its request may have made another key since. */
  readonly isTakenUp: boolean;
}

/**
 * Deletes the old key with the new one, and closes the rotation; or keeps both until `finish_after`.
 *
 * @throws VastaiError if the old key may still exist. The rotation is then open.
 */
export async function finishRotation(
  rotation: RotationContext,
  entry: RotationEntry,
  { key, now, isJustSaved, isTakenUp }: Finish,
): Promise<Rotated> {
  const { context } = rotation;
  const done = resultOf(rotation, entry, key);
  try {
    await renewKeptCopy(context, entry.old.fingerprint);
    const { finish_after: finishAfter } = entry;
    if (finishAfter !== undefined && !now && (isJustSaved || ledgerTime() < finishAfter))
      return { ...done, deleted: false, finishAfter };
    const client = await rotation.clientOf(key);
    if (isTakenUp) await deleteLateOrphans(client, entry);
    const undeletable = await deleteOld(client, entry.old.id).catch((error: unknown) => {
      // The new key is known to work, but has no two-factor session yet. That of the old key still stands.
      if (isTakenUp || !isVastaiError(error) || error.code !== 'two_factor') throw error;
      return deleteOld(rotation.client, entry.old.id);
    });
    if (undeletable === undefined) await closeRotation(context, entry, entry.old.id);
    else await removeEntry(context, entry.entry);
    return undeletable === undefined
      ? { ...done, deleted: true }
      : { ...done, deleted: false, undeletable: undeletable.message };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    throw leftOpen(error, entry, `The new key ${key} is saved. The old key ${entry.old.id} may still exist.`);
  }
}

function resultOf({ context, store }: RotationContext, entry: RotationEntry, key: ApiKey) {
  const { old, new: made } = entry;
  return {
    old: { id: old.id, name: old.name },
    made: { id: made.id ?? 0, name: made.name, key },
    ...(store === undefined
      ? {}
      : { saved: { storage: store.kind, location: store.locate(context.profile.name) } }),
  };
}

/** Deletes keys of this rotation that an interrupted request made after they were looked for. */
async function deleteLateOrphans(client: Client, entry: RotationEntry): Promise<void> {
  const { value: keys } = await listApiKeys(client);
  await deleteOrphans(
    client,
    entry,
    keys.filter(({ id }) => id !== entry.new.id),
  );
}

/**
 * Deletes the old key. If the response is lost, the list says whether it is gone.
 *
 * @returns the API's error if it never deletes such a key
 */
async function deleteOld(client: Client, id: number): Promise<VastaiError | undefined> {
  try {
    await deleteApiKey(client, id);
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    // Vast.ai's API documentation, “delete api key”: 400 for a primary key, and for one that the user did not create.
    if (error.code === 'api_error' && error.status === 400) return error;
    if (error.code === 'not_found' || (await isGone(client, id, error))) return undefined;
    if (error.code !== 'forbidden') throw error;
    throw withDetails(error, {
      message: `${error.message} Delete the old key with another one, or at ${KEYS_PAGE}`,
    });
  }
  return undefined;
}
