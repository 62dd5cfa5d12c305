import { UsageError } from './errors.js';
import { holdsKey } from './key-like.js';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Returns true if a value can name a profile. The name becomes the name of a folder and of a keychain account. */
export function isProfileName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/**
 * Returns a valid profile name.
 *
 * @param from the flag, variable or file that gave it, for messages
 * @throws UsageError if it is not valid. The message does not repeat it, since it may be a key.
 */
export function requireProfileName(value: string, from: string): string {
  if (holdsKey(value)) {
    throw new UsageError(`The profile name in ${from} looks like an API key, so it is not used.`, [
      { do: 'save-key', purpose: 'To save a key' },
    ]);
  }
  if (isProfileName(value)) return value;
  throw new UsageError(
    `The profile name in ${from} is not valid.`,
    'Use 1 to 64 of the characters a-z, 0-9, ".", "_" and "-", and begin with a letter or a digit.',
  );
}
