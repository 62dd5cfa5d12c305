import { StorageError } from '../errors.js';
import { savedKey } from '../migration/saved-key.js';
import type { Session } from '../session.js';
import type { ApiKey } from './api-key.js';
import { savedForOf } from './saved-sources.js';

/**
 * Makes sure that a profile still has the key that a new one was made from, or none, and the same API. Between
 * the two lay a question to the person and a request, in which another process may have saved another key.
 *
 * @param before the session in which the old key was found
 * @param now the session reopened under the lock
 * @throws StorageError when another key would be lost, or the profile's API would change
 */
export async function requireUnchanged(before: Session, now: Session, old: ApiKey): Promise<void> {
  const { name } = now.profile;
  const saved = await savedKey(now);
  if (saved !== undefined && !saved.key.equals(old)) {
    throw changed(`Profile "${name}" has another key by now (${saved.key}, ${saved.source.location}).`);
  }
  const { origin } = savedForOf(now.record);
  if (origin !== savedForOf(before.record).origin)
    throw changed(`Profile "${name}" is for ${origin} by now.`);
}

function changed(message: string): StorageError {
  return new StorageError(message, 'Save the new key in a profile of its own.');
}
