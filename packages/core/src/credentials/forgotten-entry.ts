import type { Session } from '../session.js';
import { ABSENT, type Reading } from './reading.js';
import { readUnrecorded } from './saved-sources.js';
import type { KeyStore } from './store.js';

/**
 * Reads the key that the keychain holds although another store is on record: one that a kill or another
 * program left there. Without the record it would be the key in use.
 *
 * @param keychain the session's own, or the one that asks nobody for a password
 */
export async function readForgottenEntry(
  { record, environment, profile }: Session,
  keychain: KeyStore,
): Promise<Reading> {
  const otherStore = record?.storage === 'file' || record?.storage === 'command';
  if (!otherStore || environment.VASTAI_STORAGE === 'file') return ABSENT;
  return readUnrecorded(keychain, profile.name);
}
