import { readdir, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ApiKey } from '../base/api-key.js';
import { isVastaiError, StorageError, UsageError, withDetails } from '../base/errors.js';
import {
  type ProfileRecord,
  readSettings,
  recordOf,
  recordProfile,
  type SessionNote,
} from '../config/settings.js';
import { isLeftover } from '../files/leftovers.js';
import { fingerprintOf, matchesFingerprint } from '../secrets/fingerprint.js';
import type { KeyStore } from '../secrets/store.js';
import type { FoundKey } from './chain.js';
import { storageOf } from './choose-store.js';
import type { Context } from './context.js';
import { withLockedContext } from './locked-context.js';
import { adviceForSession } from './session-lookup.js';
import { notedSession } from './session-note.js';

/** The place of a two-factor session. */
export interface SessionPlace {
  readonly storage: KeyStore['kind'];
  /** Human-readable location: a path, or `keychain (vastai, default/session)`. */
  readonly location: string;
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
    await store.probe(profile.name).catch((error: unknown) => {
      throw withoutKeyAdvice(error);
    });
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
 * which key it belongs to. If that fails, an older one of the same key and API is still in place.
 *
 * @param store the store that `chooseSessionStore` returned
 * @param ends time at which the session ends, in seconds since 1970, if known
 * @throws StorageError if it cannot be saved, or the profile got another key in the meantime.
 */
export async function saveSession(
  context: Context,
  store: KeyStore,
  { key }: Pick<FoundKey, 'key'>,
  session: ApiKey,
  { ends }: { readonly ends?: number | undefined } = {},
): Promise<SessionPlace> {
  return withLockedContext(context, async (now) => {
    const { name } = now.profile;
    if (now.record?.key_hash !== context.record?.key_hash)
      throw new StorageError(`Profile "${name}" now has another key, so the session was not saved.`, [
        { do: 'tfa-login', purpose: 'Log in with it' },
      ]);
    const older = notedSession(now.record);
    const ofKey = older !== undefined && matchesFingerprint(older.key_hash, key) ? older : undefined;
    const url = context.url.origin;
    const note: SessionNote = {
      storage: store.kind,
      key_hash: ofKey?.key_hash ?? fingerprintOf(key),
      url,
      ...(ends === undefined ? {} : { ends }),
    };
    // The note goes first: a kill in between leaves a note without a session, and no session that nobody knows of. So nothing
    // that the note would be wrong about may be there.
    const isTrueOfOld = ofKey?.url === url && ofKey.storage === store.kind;
    if (!isTrueOfOld) await eraseSession(store, name);
    await recordProfile(now.paths, name, { ...now.record, tfa_session: note });
    await putSession(store, name, session).catch(async (error: unknown) => {
      const isErased = !isTrueOfOld && older?.storage === store.kind;
      await recordProfile(now.paths, name, isErased ? withoutSession(now.record) : now.record).catch(
        () => {},
      );
      throw error;
    });
    if (older !== undefined && older.storage !== store.kind)
      await now.sessionStores[older.storage].remove(name).catch(telling(now));
    return { storage: store.kind, location: store.locate(name) };
  });
}

/**
 * Forgets the two-factor session of a context's profile. Vast.ai does not end it, so it stays valid until it expires.
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

/**
 * Does what `removeSession` does, for a caller that holds the lock. Also removes a session that no valid note speaks of, as
 * `config.json` may be lost: from its file, and from the keychain if the key is recorded there.
 */
export async function removeSessionUnderLock(context: Context): Promise<SessionPlace | undefined> {
  const { paths, profile, sessionStores } = context;
  const record = recordOf(await readSettings(paths), profile.name);
  const kind = notedSession(record)?.storage;
  const { file, keychain } = sessionStores;
  const mayBeInKeychain = kind === 'keychain' || (kind === undefined && record?.storage === 'keychain');
  const places: SessionPlace[] = [];
  // The note goes last, so that a session that is still there is still known.
  for (const store of mayBeInKeychain ? [keychain, file] : [file]) {
    if (store.kind !== kind && store.kind === 'file' && !(await isInFile(store.locate(profile.name))))
      continue;
    const isGone = await store.remove(profile.name).catch((error: unknown) => {
      throw isVastaiError(error) ? stillThere(error, store.locate(profile.name)) : error;
    });
    if (isGone) places.push({ storage: store.kind, location: store.locate(profile.name) });
  }
  await rmdir(paths.profileFolder(profile.name)).catch(() => {});
  if (record?.tfa_session !== undefined) await recordProfile(paths, profile.name, withoutSession(record));
  return places.find(({ storage }) => storage === kind) ?? places[0];
}

/** Returns true if a session may be in a file, or in what a kill left of writing it. */
async function isInFile(path: string): Promise<boolean> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.some((name) => name === basename(path) || isLeftover(path, name));
}

/** Writes a session and reads it back. If that fails, restores what was there. @throws StorageError */
export async function putSession(store: KeyStore, name: string, session: ApiKey): Promise<void> {
  const kept = await store.keep(name);
  try {
    await store.write(name, session);
    const back = await store.read(name);
    if (back.state !== 'present' || !back.key.equals(session))
      throw new StorageError(
        `${store.locate(name)} does not return the session that was just written to it.`,
        [{ do: 'diagnose', purpose: 'Try again, or look for the cause' }],
      );
  } catch (error) {
    await kept
      .putBack()
      .then(kept.discard)
      .catch(() => {});
    throw withoutKeyAdvice(error);
  }
  await kept.letGo().catch(() => {});
}

async function eraseSession(store: KeyStore, name: string): Promise<void> {
  await store.remove(name).catch((error: unknown) => {
    throw withoutKeyAdvice(error);
  });
}

function withoutSession(record: ProfileRecord | undefined): ProfileRecord | undefined {
  const { tfa_session: _, ...rest } = record ?? {};
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** Leaves out what would save a key. */
function withoutKeyAdvice(error: unknown): unknown {
  if (!isVastaiError(error)) return error;
  return withDetails(error, { advice: adviceForSession(error.advice) });
}

function stillThere(error: Parameters<typeof withDetails>[0], location: string) {
  const message = `The two-factor session is still in ${location}. ${error.message}`;
  return withDetails(error, { message, advice: adviceForSession(error.advice) });
}

function telling({ notify }: Context) {
  return (error: unknown) => {
    if (!isVastaiError(error)) throw error;
    notify?.(`An older two-factor session could not be removed. ${error.message}`);
    return false;
  };
}
