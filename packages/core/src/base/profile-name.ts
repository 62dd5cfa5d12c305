import { UsageError } from './errors.js';
import { holdsKey } from './key-like.js';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether a value can name a profile: it becomes a folder's name and a keychain account. */
export function isProfileName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/** @throws UsageError that says where the name came from, and does not repeat it: it may be a key. */
export function requireProfileName(value: string, from: string): string {
  if (holdsKey(value)) {
    throw new UsageError(`The profile named by ${from} looks like an API key, and is not used.`, [
      { do: 'save-key', purpose: 'To save a key' },
    ]);
  }
  if (isProfileName(value)) return value;
  throw new UsageError(
    `The profile named by ${from} is not a valid name.`,
    'A name has 1 to 64 of a-z, 0-9, ".", "_" and "-", and begins with a letter or digit.',
  );
}
