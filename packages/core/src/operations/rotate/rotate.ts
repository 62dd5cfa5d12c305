import { type ApiKeyRecord, listApiKeys } from '../../api/api-keys.js';
import type { ApiKey } from '../../base/api-key.js';
import { isVastaiError, StorageError, VastaiError } from '../../base/errors.js';
import { requireOwnStore } from '../../credentials/choose-store.js';
import { withLockedContext } from '../../credentials/locked-context.js';
import { requireUnchanged } from '../../credentials/require-unchanged.js';
import { type SavedKey, saveUnderLock } from '../../credentials/save.js';
import { savedKey } from '../../credentials/saved-key.js';
import { createdName, keepUnsaved } from '../../credentials/unsaved-key.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import type { KeyStore } from '../../secrets/store.js';
import type { LedgerEntry, RotationEntry } from '../ledger/entries.js';
import { withMaker, withoutExpiryOf } from '../ledger/inherit.js';
import {
  addEntry,
  changeLedger,
  ledgerTime,
  newEntryId,
  removeEntry,
  replaceEntry,
} from '../ledger/ledger.js';
import { type Finish, finishRotation } from './finish.js';
import { deleteOrphans, type MadeKey, makeNewKey, takeBack } from './make.js';
import { markedName } from './mark.js';
import { leftOpen, type Rotated, type RotationContext } from './rotation.js';

/**
 * Replaces a key with a new one that may do the same. At every moment, a stored key works; what a kill leaves is in the ledger,
 * and `takeUpRotation` goes on with it. Call it under the lock of rotations.
 *
 * The intent is written down before the key is requested, and its id before it is stored. It is stored before the old key is
 * deleted, with the new one.
 *
 * @param old the key, as the list shows it
 * @param keys all keys of the list
 * @throws VastaiError. If something is left behind, the rotation is open, and the error says how to go on.
 */
export async function beginRotation(
  rotation: RotationContext,
  old: ApiKeyRecord,
  keys: readonly ApiKeyRecord[],
): Promise<Rotated> {
  const { context, store, key } = rotation;
  const taken = new Set(keys.flatMap(({ name }) => (name === null ? [] : [name])));
  const entry: RotationEntry = {
    kind: 'rotation',
    entry: newEntryId(),
    origin: context.url.origin,
    profile: store === undefined ? null : context.profile.name,
    storage: store?.kind ?? null,
    old: {
      id: old.id,
      name: old.name?.slice(0, 200) ?? null,
      ...(store === undefined ? {} : { fingerprint: fingerprintOf(key) }),
    },
    new: { name: markedName(old, taken) },
    next: 'create',
    started: ledgerTime(),
    // From the beginning, so that a run that continues after a kill keeps the old key too.
    ...keptUntil(rotation.grace),
  };
  await addEntry(context, entry);
  return carryOut(rotation, entry, old, { isTakenUp: false, now: false });
}

/**
 * Goes on with a rotation that a kill or a failure left open. It looks at what is stored and listed, not at what the ledger says
 * was done. A new key whose value is lost is deleted before another one is made.
 *
 * @param left the rotation, as the ledger has it
 * @param now true to delete the old key although it should be kept for longer
 * @returns `undefined` if nothing of the rotation is left, because another key was saved and both of its keys are gone
 * @throws StorageError if another key is stored; and what `beginRotation` throws
 */
export async function takeUpRotation(
  rotation: RotationContext,
  left: RotationEntry,
  now: boolean,
): Promise<Rotated | undefined> {
  const { context, client, key } = rotation;
  if (hasNewKey(left, rotation)) {
    const stored: RotationEntry = { ...keptUntil(rotation.grace), ...left, next: 'delete' };
    await replaceEntry(context, stored);
    return finishRotation(rotation, stored, { key, now, isJustSaved: false, isTakenUp: true });
  }
  const { value: keys } = await listApiKeys(client);
  const old = keys.find(({ id }) => id === left.old.id);
  if (left.next === 'delete' || !hasOldKey(left, rotation) || old === undefined)
    return giveUp(rotation, left, keys);
  await deleteOrphans(client, left, keys);
  const again: RotationEntry = {
    ...left,
    new: { name: left.new.name },
    next: 'create',
    // The time to keep the old key for is for those who need the new one, so it begins anew.
    started: ledgerTime(),
    ...keptUntil(graceOf(left) ?? rotation.grace),
  };
  await changeLedger(context, (entries) =>
    withoutExpiryOf(replaced(entries, again), left.origin, left.new.id),
  );
  return carryOut(rotation, again, old, { isTakenUp: true, now });
}

async function carryOut(
  rotation: RotationContext,
  entry: RotationEntry,
  old: ApiKeyRecord,
  finish: Pick<Finish, 'now' | 'isTakenUp'>,
): Promise<Rotated> {
  const made = await makeNewKey(rotation, entry, old);
  if (rotation.store === undefined) return handOver(rotation, made, old);
  await storeNewKey(rotation, made);
  const stored: RotationEntry = { ...made.entry, next: 'delete' };
  try {
    await changeLedger(rotation.context, (entries) =>
      withMaker(replaced(entries, stored), stored.origin, rotation.key, made.key),
    );
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    throw leftOpen(error, stored, `The new key ${made.key} is saved. The old key ${old.id} still exists.`);
  }
  const done = await finishRotation(rotation, stored, { key: made.key, isJustSaved: true, ...finish });
  return { ...done, expires: made.expires };
}

function replaced(entries: readonly LedgerEntry[], changed: RotationEntry): readonly LedgerEntry[] {
  return entries.map((one) => (one.entry === changed.entry ? changed : one));
}

/** The key in use, and its id. */
type InUse = Pick<RotationContext, 'id' | 'key'>;

/** Returns true if the saved key is the new one of a rotation. */
export function hasNewKey({ storage, new: made }: RotationEntry, { id, key }: InUse): boolean {
  // A reset changes the value of a key, and leaves its id.
  return storage !== null && (made.id === id || matchesFingerprint(made.fingerprint, key));
}

function hasOldKey({ storage, old }: RotationEntry, { id, key }: InUse): boolean {
  return storage === null || old.id === id || matchesFingerprint(old.fingerprint, key);
}

/** Returns true for a rotation of the key in use, which may be its old or its new key by now. */
export function isRotationOf(entry: RotationEntry, used: InUse): boolean {
  return hasOldKey(entry, used) || hasNewKey(entry, used);
}

/** Returns true if going on with a rotation keeps the old key, because the time for that is not over. */
export function isKeptLonger(entry: RotationEntry, rotation: RotationContext): boolean {
  const { grace } = rotation;
  if (!hasNewKey(entry, rotation)) return (graceOf(entry) ?? grace) !== undefined;
  return ledgerTime() < (entry.finish_after ?? (grace === undefined ? 0 : Number.POSITIVE_INFINITY));
}

/** Returns the time until which the old key is to be kept, if it is. */
function keptUntil(grace: number | undefined): Pick<RotationEntry, 'finish_after'> {
  return grace === undefined ? {} : { finish_after: ledgerTime() + grace };
}

/** Returns for how many seconds the old key was to be kept; `undefined` if it was not. */
function graceOf({ started, finish_after: until }: RotationEntry): number | undefined {
  return until === undefined ? undefined : Math.max(0, until - started);
}

/** Saves the new key in place of the old one. If that fails and the new one is not there, it is deleted. */
async function storeNewKey(rotation: RotationContext, made: MadeKey): Promise<SavedKey> {
  const { entry, id, key } = made;
  const { store } = rotation;
  try {
    if (store === undefined) throw new StorageError('No store is available.', '');
    rotation.signal.throwIfAborted();
    return await saveInPlace(rotation, store, key, id);
  } catch (error) {
    if (await isNotStored(rotation, key)) throw await takeBack(rotation, made, error);
    if (!isVastaiError(error)) throw error;
    throw leftOpen(error, entry, `Both keys, ${entry.old.id} and ${id}, still exist.`);
  }
}

async function saveInPlace(
  { context, key: old }: RotationContext,
  store: KeyStore,
  key: ApiKey,
  id: number,
): Promise<SavedKey> {
  return withLockedContext(context, async (now) => {
    requireOwnStore(now);
    await requireUnchanged(context, now, old);
    const boundOrigin = context.url;
    return saveUnderLock(now, store, key, { boundOrigin, id, keepsAccount: true, leavesKeptFile: true });
  });
}

/** Returns true if the profile's store can be read, and does not have the new key. */
async function isNotStored({ context }: RotationContext, key: ApiKey): Promise<boolean> {
  try {
    return (await savedKey(await context.reopen()))?.key.equals(key) !== true;
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    return false;
  }
}

/**
 * Closes a rotation whose new key has to be printed, and leaves the old one alone: nobody knows whether the new one arrives where
 * it is needed. The new key is in a file until then, since no other run may delete it as an orphan.
 */
async function handOver(rotation: RotationContext, made: MadeKey, old: ApiKeyRecord): Promise<Rotated> {
  const { context } = rotation;
  const { entry, id, key, expires } = made;
  const kept = await keepUnsaved(context.paths, createdName(id), key).catch(() => undefined);
  try {
    await removeEntry(context, entry.entry);
  } catch (error) {
    // The next run would delete the key, which must then not be printed.
    await kept?.remove().catch(() => {});
    throw await takeBack(rotation, made, error);
  }
  return {
    old: { id: old.id, name: old.name },
    made: { id, name: entry.new.name, key },
    kept,
    expires,
    deleted: false,
  };
}

/**
 * Closes a rotation of which nothing is left.
 *
 * @throws StorageError if a key of it is, since it may be in use elsewhere. A new key that was saved once is not for this
 *   rotation to delete.
 */
async function giveUp(
  rotation: RotationContext,
  entry: RotationEntry,
  keys: readonly ApiKeyRecord[],
): Promise<undefined> {
  const { context } = rotation;
  const { old, new: made } = entry;
  const isBack = entry.next === 'delete' && hasOldKey(entry, rotation);
  const isLeft = ({ id, name }: ApiKeyRecord) =>
    (id === old.id && !isBack) || (name === made.name && (isBack || entry.next !== 'delete'));
  const left = keys.filter(isLeft).map(({ id }) => id);
  if (left.length === 0) {
    await removeEntry(context, entry.entry);
    return undefined;
  }
  const which = `so vastai cannot tell which keys are still needed. Left over from the rotation: API key ${left.join(' and ')}.`;
  const deletions = (purpose: string) => left.map((id) => ({ do: 'delete-key', id, purpose }) as const);
  if (isBack)
    throw new VastaiError('storage', `API key ${old.id} was saved again after it was replaced, ${which}`, {
      advice: [
        ...deletions('To keep the old key'),
        { do: 'save-key', purpose: 'Or, to use the new one, save it again' },
      ],
    });
  throw new VastaiError(
    'storage',
    `Another key was saved during the rotation of API key ${old.id}, ${which}`,
    { advice: deletions('If nothing needs it') },
  );
}
