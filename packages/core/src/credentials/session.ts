import { rmdir } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ApiKey } from '../base/api-key.js';
import { isVastaiError, StorageError, UsageError, withDetails } from '../base/errors.js';
import { maySend } from '../base/origin.js';
import {
  type ProfileRecord,
  readSettings,
  recordOf,
  recordProfile,
  type SessionNote,
} from '../config/settings.js';
import { fingerprintOf, matchesFingerprint } from '../secrets/fingerprint.js';
import type { KeyStore } from '../secrets/store.js';
import type { FoundKey } from './chain.js';
import { storageOf } from './choose-store.js';
import type { Context } from './context.js';
import { withLockedContext } from './locked-context.js';
import { notesOf } from './noted-key.js';
import { notedSession } from './session-note.js';

/** The place of a two-factor session. */
export interface SessionPlace {
  readonly storage: KeyStore['kind'];
  /** Human-readable location: a path, or `keychain (vastai, default/session)`. */
  readonly location: string;
}

/** The place of a two-factor session that was saved. */
export interface SavedSession extends SessionPlace {
  /** True if it took the place of an older one. */
  readonly replaced: boolean;
}

/** Describes a session to save. */
export interface SessionDetails {
  /** Time at which it ends, in seconds since 1970, if known. */
  readonly ends?: number | undefined;
  /** Id of the key that it belongs to, if the API returned it. A key that needs a session could not be asked for it before. */
  readonly id?: number | undefined;
}

/**
 * Chooses the store for the two-factor session of a key, and checks that it can take one: the kind of store that the key is
 * in. For a key that a program prints, the keychain if one works, or else the file. Call it before a code is asked for or used.
 *
 * @throws UsageError for a key from a flag or a variable: a session stands in only for a saved key.
 * @throws StorageError if the store cannot take a session.
 */
export async function chooseSessionStore(
  { sessionStores, profile, environment }: Context,
  { key, source }: Pick<FoundKey, 'key' | 'source'>,
): Promise<KeyStore> {
  if (source.boundOrigin === undefined) {
    throw new UsageError(
      `A two-factor session belongs to a saved key. The key of this run (${source.location} ${key}) is not saved.`,
      [
        { do: 'save-key', purpose: 'Save it' },
        { do: 'tfa-login', purpose: 'Then log in' },
      ],
    );
  }
  const { file, keychain } = sessionStores;
  if (source.place !== undefined) {
    const store = source.place === 'keychain' ? keychain : file;
    await store.probe(profile.name);
    return store;
  }
  const kind = storageOf(environment.VASTAI_STORAGE);
  if (kind !== 'file') {
    const isThere = await keychain.probe(profile.name).then(
      () => true,
      (error: unknown) => {
        if (kind === 'keychain' || !isVastaiError(error) || error.code !== 'storage') throw error;
        return false;
      },
    );
    if (isThere) return keychain;
  }
  await file.probe(profile.name);
  return file;
}

/**
 * Saves the two-factor session of a key for a context's profile and API, in place of an older one, and notes in `config.json`
 * which key it belongs to. If that fails, the older one is still in place.
 *
 * @param store the store that `chooseSessionStore` returned
 * @throws StorageError if it cannot be saved, or the profile got another key in the meantime.
 */
export async function saveSession(
  context: Context,
  store: KeyStore,
  { key }: Pick<FoundKey, 'key'>,
  session: ApiKey,
  { ends, id }: SessionDetails = {},
): Promise<SavedSession> {
  return withLockedContext(context, async (now) => {
    const { name } = now.profile;
    if (now.record?.key_hash !== context.record?.key_hash)
      throw new StorageError(`Profile "${name}" has another key by now, so the session was not saved.`, [
        { do: 'tfa-login', purpose: 'Log in with it' },
      ]);
    const older = notedSession(now.record);
    const note: SessionNote = {
      storage: store.kind,
      key_hash:
        older !== undefined && matchesFingerprint(older.key_hash, key) ? older.key_hash : fingerprintOf(key),
      url: context.url.origin,
      ...(ends === undefined ? {} : { ends }),
    };
    const notes = id === undefined ? {} : notesOf(key, id, now.record);
    await writeSession(now, store, session, { ...now.record, ...notes, tfa_session: note });
    if (older !== undefined && older.storage !== store.kind)
      await now.sessionStores[older.storage].remove(name).catch(telling(now));
    return { storage: store.kind, location: store.locate(name), replaced: older !== undefined };
  });
}

/**
 * Forgets the two-factor session of a context's profile. Vast.ai is not told, so it stays valid until it ends.
 *
 * @param only the note of the session to forget, if not just any; another one that is there by now stays
 * @returns the place that it was in; `undefined` if there was none
 * @throws StorageError if it may still be there.
 */
export async function removeSession(
  context: Context,
  only?: ProfileRecord['tfa_session'],
): Promise<SessionPlace | undefined> {
  return withLockedContext(context, async (now) => {
    if (only !== undefined && !isDeepStrictEqual(now.record?.tfa_session, only)) return undefined;
    return removeSessionUnderLock(now);
  });
}

/** Does what `removeSession` does, for a caller that holds the lock. */
export async function removeSessionUnderLock(context: Context): Promise<SessionPlace | undefined> {
  const { paths, profile, sessionStores } = context;
  const record = recordOf(await readSettings(paths), profile.name);
  if (record?.tfa_session === undefined) return undefined;
  const { tfa_session: _, ...rest } = record;
  const note = notedSession(record);
  // The note goes last, so that a session that is still there is still known.
  const store = note && sessionStores[note.storage];
  const isGone = await store?.remove(profile.name).catch((error: unknown) => {
    throw isVastaiError(error) ? stillThere(error, store.locate(profile.name)) : error;
  });
  if (store?.kind === 'file') await rmdir(paths.profileFolder(profile.name)).catch(() => {});
  await recordProfile(paths, profile.name, Object.keys(rest).length === 0 ? undefined : rest);
  return store !== undefined && isGone === true
    ? { storage: store.kind, location: store.locate(profile.name) }
    : undefined;
}

/**
 * Brings the two-factor session of a profile in line with a key that was just saved: one of another key, or of another API, is
 * removed, and one of this key moves to the store of the key. Tells the person what it did, or could not do.
 */
export async function settleSession(
  context: Context,
  key: ApiKey,
  kind: KeyStore['kind'],
  boundOrigin: URL,
): Promise<void> {
  const { paths, profile, notify } = context;
  const note = notedSession(recordOf(await readSettings(paths), profile.name));
  if (note === undefined) return;
  const isOfKey = matchesFingerprint(note.key_hash, key) && maySend(new URL(note.url), boundOrigin);
  if (isOfKey && note.storage === kind) return;
  try {
    if (isOfKey) {
      await moveSession(context, note, kind);
      return;
    }
    await removeSessionUnderLock(context);
    notify?.(
      `The two-factor session of profile "${profile.name}" was removed, because it belongs to the old key. Log in again if the account needs one.`,
    );
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    notify?.(error.message);
  }
}

/** Moves a session to the other kind of store. @throws StorageError if it stays where it was. */
async function moveSession(context: Context, note: SessionNote, kind: KeyStore['kind']): Promise<void> {
  const { paths, profile, sessionStores, notify } = context;
  const [from, to] = [sessionStores[note.storage], sessionStores[kind]];
  const lookup = await from.read(profile.name);
  if (lookup.state === 'unreadable')
    throw new StorageError(
      `The two-factor session stays in ${from.locate(profile.name)}. ${lookup.problem.message}`,
      '',
    );
  if (lookup.state === 'present') {
    const record = recordOf(await readSettings(paths), profile.name);
    await writeSession(context, to, lookup.key, { ...record, tfa_session: { ...note, storage: kind } });
    notify?.(`The two-factor session moved to ${to.locate(profile.name)}.`);
    await from.remove(profile.name);
    if (from.kind === 'file') await rmdir(paths.profileFolder(profile.name)).catch(() => {});
  }
}

/** Writes a session, reads it back, and records it. If that fails, restores what was there. @throws StorageError */
async function writeSession(
  { paths, profile: { name } }: Context,
  store: KeyStore,
  session: ApiKey,
  record: ProfileRecord,
): Promise<void> {
  const kept = await store.keep(name);
  try {
    await store.write(name, session);
    const back = await store.read(name);
    if (back.state !== 'present' || !back.key.equals(session))
      throw new StorageError(
        `${store.locate(name)} does not return the session that was just written to it.`,
        [{ do: 'diagnose', purpose: 'Try again, or see what is wrong' }],
      );
    await recordProfile(paths, name, record);
  } catch (error) {
    await kept
      .putBack()
      .then(kept.discard)
      .catch(() => {});
    throw error;
  }
  await kept.letGo().catch(() => {});
}

function stillThere(error: Parameters<typeof withDetails>[0], location: string) {
  return withDetails(error, { message: `The two-factor session is still in ${location}. ${error.message}` });
}

function telling({ notify }: Context) {
  return (error: unknown) => {
    if (!isVastaiError(error)) throw error;
    notify?.(`An older two-factor session could not be removed. ${error.message}`);
    return false;
  };
}
