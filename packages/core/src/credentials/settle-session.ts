import { rmdir } from 'node:fs/promises';
import type { ApiKey } from '../base/api-key.js';
import { isVastaiError, StorageError } from '../base/errors.js';
import { maySend } from '../base/origin.js';
import { readSettings, recordOf, recordProfile, type SessionNote } from '../config/settings.js';
import { matchesFingerprint } from '../secrets/fingerprint.js';
import type { KeyStore } from '../secrets/store.js';
import type { Context } from './context.js';
import { putSession, removeSessionUnderLock } from './session.js';
import { notedSession } from './session-note.js';

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
    // Here the note goes second: until then, the session is where it was.
    await putSession(to, profile.name, lookup.key);
    await recordProfile(paths, profile.name, { ...record, tfa_session: { ...note, storage: kind } });
    notify?.(`The two-factor session moved to ${to.locate(profile.name)}.`);
    await from.remove(profile.name);
    if (from.kind === 'file') await rmdir(paths.profileFolder(profile.name)).catch(() => {});
  }
}
