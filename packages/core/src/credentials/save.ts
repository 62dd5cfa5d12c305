import type { ApiKey } from '../base/api-key.js';
import {
  type ProfileRecord,
  readSettings,
  recordOf,
  recordProfile,
  stageProfile,
} from '../config/settings.js';
import type { StagedFile } from '../files/atomic-write.js';
import { removePrivateFile } from '../files/private-file.js';
import { readKeyFile } from '../secrets/key-text.js';
import type { Lookup } from '../secrets/lookup.js';
import type { KeyStore } from '../secrets/store.js';
import { writeAndReadBack } from '../secrets/write-and-read-back.js';
import { requireOwnStore } from './choose-store.js';
import type { Context } from './context.js';
import { goBack, keepBefore, letGo } from './go-back.js';
import { withLockedContext } from './locked-context.js';
import { keptNotes, notesOf } from './noted-key.js';
import { requireUnchanged } from './require-unchanged.js';
import { boundOriginOf } from './stored-sources.js';

/** The place of a saved key, and what happened to older copies of the same profile. */
export interface SavedKey {
  readonly storage: KeyStore['kind'];
  /** Human-readable location of the key: a path, or `keychain (vastai, default)`. */
  readonly location: string;
  /** Places from which an older copy was removed. */
  readonly removed: readonly string[];
  /** Keys other than the new one that were overwritten or removed. */
  readonly replaced: readonly ReplacedKey[];
  /** Sentences about older copies that could not be removed, with the reason. */
  readonly left: readonly string[];
}

/** A key that is no longer saved. */
export interface ReplacedKey {
  readonly location: string;
  /** Its last four characters. */
  readonly suffix: string;
}

/** Describes the key to save. */
export interface SaveKeyOptions {
  /** Key of the same account that the new one was made from. If a different key was saved since, the save fails. */
  readonly replaces?: ApiKey | undefined;
  /** Email address or name of the account, to show in lists. */
  readonly account?: string | undefined;
  /** Id of the key, if the API returned it. */
  readonly id?: number | undefined;
}

/** Describes the key to save, for a caller that holds the lock. */
export interface SaveOptions {
  /** API that the key belongs to. */
  readonly boundOrigin: URL;
  /**
   * Store that a key is moved from: only the copy there is removed, or none for `nowhere`. Without it the key is new, and
   * every older copy is removed.
   */
  readonly movedFrom?: KeyStore | 'nowhere' | undefined;
  /** Email address or name of the account, as the API returned it. */
  readonly account?: string | undefined;
  /** Id of the key, if the API returned it. For a key that is moved, the id that is noted stays. */
  readonly id?: number | undefined;
  /** True to leave the copy that `config migrate --keep-file` left, which the caller then renews. */
  readonly leavesKeptFile?: boolean | undefined;
  /** True if the account is the same as before, so that its record stays if `account` is not given. */
  readonly keepsAccount?: boolean;
}

/**
 * Saves a key for the profile and the API of a context: writes it, reads it back, records its place in `config.json`, and
 * only then removes older copies of the profile's key. A failure or a kill at any point leaves a whole key, old or new. If
 * the API changes too, a kill leaves a key that is sent to neither API until the next save.
 *
 * @param store one of `context.stores`, or the store that `chooseStore` returns
 * @throws StorageError if the key cannot be saved. The old key is then still in place, or the message says which key may
 *   be there.
 * @throws UsageError if a program prints the profile's key.
 */
export async function saveKey(
  context: Context,
  store: KeyStore,
  key: ApiKey,
  options: SaveKeyOptions = {},
): Promise<SavedKey> {
  const { replaces, account, id } = options;
  return withLockedContext(context, async (now) => {
    requireOwnStore(now);
    if (replaces !== undefined) await requireUnchanged(context, now, replaces);
    return saveUnderLock(now, store, key, {
      boundOrigin: context.url,
      account,
      id,
      keepsAccount: replaces !== undefined,
    });
  });
}

/** Does what `saveKey` does, for a caller that holds the lock. */
export async function saveUnderLock(
  context: Context,
  store: KeyStore,
  key: ApiKey,
  options: SaveOptions,
): Promise<SavedKey> {
  const { boundOrigin, movedFrom, account, id, keepsAccount = movedFrom !== undefined } = options;
  const { paths, profile } = context;
  const oldRecord = recordOf(await readSettings(paths), profile.name);
  const keptFile = options.leavesKeptFile === true && oldRecord?.kept_file === true;
  const newRecord = {
    ...withoutKey(oldRecord),
    storage: store.kind,
    url: boundOrigin.origin,
    ...describe(key, store, oldRecord, { movedFrom, account, keepsAccount }),
    ...(movedFrom === undefined ? notesOf(key, id, oldRecord) : keptNotes(oldRecord, key)),
    ...(movedFrom === 'nowhere' || keptFile ? { kept_file: true } : {}),
  };
  const before = await keepBefore(context, store);
  const done = { isRecorded: false, isWritten: false };
  let staged: StagedFile | undefined;
  try {
    // A kill can fall between writing the key and its record. The key must then not be recorded for the wrong API.
    if (oldRecord?.pending || (await changesApi(context, store, oldRecord, boundOrigin))) {
      await recordProfile(paths, profile.name, pendingRecord(newRecord, before.key.lookup, oldRecord));
      done.isRecorded = true;
    }
    // Everything that needs disk space is written before the key changes.
    staged = await stageProfile(paths, profile.name, newRecord);
    done.isWritten = true;
    await writeAndReadBack(store, profile.name, key);
    await staged.commit();
  } catch (error) {
    await staged?.discard();
    throw await goBack({ context, store, key, boundOrigin, before, done, error });
  }
  const kept = await letGo(before);
  if (oldRecord?.tfa_session !== undefined) {
    const { settleSession } = await import('./settle-session.js');
    await settleSession(context, key, store.kind, boundOrigin);
  }
  const older = movedFrom === undefined ? olderCopies(context, store, oldRecord, keptFile) : [];
  if (movedFrom !== undefined && movedFrom !== 'nowhere') older.push(copyIn(movedFrom, profile.name));
  const { removed, replaced, left } = await removeCopies(older, key);
  const location = store.locate(profile.name);
  return {
    storage: store.kind,
    location,
    removed,
    replaced: [...replacedBy(key, before.key.lookup, location), ...replaced],
    left: [...kept, ...left],
  };
}

/** Returns a record without the fields that are about one key. */
function withoutKey(record: ProfileRecord | undefined): Partial<ProfileRecord> {
  const { pending: _, kept_file: __, account: ___, suffix: ____, ...others } = record ?? {};
  const { key_id: _____, key_hash: ______, ...rest } = others;
  return rest;
}

/** Returns the fields that lists show without asking a keychain. For a key that is moved, only those already recorded. */
function describe(
  key: ApiKey,
  store: KeyStore,
  old: ProfileRecord | undefined,
  { movedFrom, account, keepsAccount }: Omit<SaveOptions, 'boundOrigin'>,
): Pick<ProfileRecord, 'account' | 'suffix'> {
  const owner = account ?? (keepsAccount ? old?.account : undefined);
  const isNoted = movedFrom === undefined || owner !== undefined || old?.suffix !== undefined;
  return {
    ...(owner === undefined ? {} : { account: owner }),
    ...(store.kind === 'keychain' && isNoted && key.suffix !== '' ? { suffix: key.suffix } : {}),
  };
}

/** Returns true if the old record would take the key that is written to the store for a key of another API. */
async function changesApi(
  { stores, profile }: Context,
  store: KeyStore,
  record: ProfileRecord | undefined,
  boundOrigin: URL,
): Promise<boolean> {
  if (boundOriginOf(record).origin === boundOrigin.origin) return false;
  if (record?.storage !== undefined) return record.storage === store.kind;
  // Without a recorded store, the key file is read first.
  return store.kind === 'file' || (await stores.file.read(profile.name)).state === 'absent';
}

/** Returns the record for the time in which the key is written, so that no key is recorded for the wrong API. */
function pendingRecord(
  newRecord: ProfileRecord,
  oldKey: Lookup,
  oldRecord: ProfileRecord | undefined,
): ProfileRecord {
  if (oldKey.state !== 'absent') return { ...newRecord, pending: true };
  // A recorded keychain without an entry is an error, and would hide the legacy file.
  const { storage, ...unplaced } = newRecord;
  return storage === 'keychain' && oldRecord?.storage === undefined ? unplaced : newRecord;
}

/** Returns the key that a new one replaced, if it was a different one. */
function replacedBy(key: ApiKey, old: Lookup, location: string): ReplacedKey[] {
  return old.state === 'present' && !old.key.equals(key) ? [{ location, suffix: old.key.suffix }] : [];
}

interface Copy {
  readonly place: string;
  read(): Promise<Lookup>;
  remove(): Promise<boolean>;
}

function copyIn(store: KeyStore, profile: string): Copy {
  return {
    place: store.locate(profile),
    read: () => store.read(profile),
    remove: () => store.remove(profile),
  };
}

/** Returns the older copies that a new key replaces. Does not ask a keychain that was not recorded. */
function olderCopies(
  { paths, profile, stores }: Context,
  store: KeyStore,
  oldRecord: ProfileRecord | undefined,
  keptFile: boolean,
) {
  const copies: Copy[] = [];
  if (store.kind === 'keychain' && !keptFile) copies.push(copyIn(stores.file, profile.name));
  if (store.kind === 'file' && oldRecord?.storage === 'keychain')
    copies.push(copyIn(stores.keychain, profile.name));
  if (profile.name === 'default') {
    copies.push({
      place: paths.legacyFile,
      read: () => readKeyFile(paths.legacyFile),
      remove: () => removePrivateFile(paths.legacyFile),
    });
  }
  return copies;
}

async function removeCopies(
  copies: readonly Copy[],
  key: ApiKey,
): Promise<Pick<SavedKey, 'removed' | 'replaced' | 'left'>> {
  const removed: string[] = [];
  const replaced: ReplacedKey[] = [];
  const left: string[] = [];
  for (const { place, read, remove } of copies) {
    try {
      const old = await read();
      if (!(await remove())) continue;
      removed.push(place);
      replaced.push(...replacedBy(key, old, place));
    } catch (error) {
      left.push((error as Error).message);
    }
  }
  return { removed, replaced, left };
}
