import type { ApiKey } from '../base/api-key.js';
import { StorageError } from '../base/errors.js';
import type { Context } from './context.js';
import { savedKey } from './saved-key.js';
import { boundOriginOf } from './stored-sources.js';

/**
 * Checks that a profile still has the key that a new one was made from, or none, and the same API. Asking the person and
 * the API takes time, in which another process may have saved a different key.
 *
 * @param before the context in which the old key was found
 * @param now the context, reopened under the lock
 * @throws StorageError if a different key would be lost, or the profile's API would change
 */
export async function requireUnchanged(before: Context, now: Context, old: ApiKey): Promise<void> {
  const { name } = now.profile;
  const saved = await savedKey(now);
  if (saved !== undefined && !saved.key.equals(old)) {
    throw changed(`Profile "${name}" now has a different key (${saved.key}, ${saved.source.location}).`);
  }
  const { origin } = boundOriginOf(now.record);
  if (origin !== boundOriginOf(before.record).origin)
    throw changed(`Profile "${name}" is now set to ${origin}.`);
}

function changed(message: string): StorageError {
  return new StorageError(message, 'Save the new key in its own profile.');
}
