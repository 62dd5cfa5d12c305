import type { Advice } from '../../base/advice.js';
import { isVastaiError, StorageError } from '../../base/errors.js';
import { serverText } from '../../base/terminal-safe.js';
import type { Problem } from '../lookup.js';

/**
 * The code of a keychain's error.
 *
 * - `keychain_missing`: no session bus, no service or no addon. It holds no keys.
 * - `keychain_locked`: it needs its password.
 * - `keychain_timeout`: it did not respond in time.
 * - `keychain_error`: it returned an error of its own.
 */
export type KeychainCode = 'keychain_missing' | 'keychain_locked' | 'keychain_timeout' | 'keychain_error';

/** Message for a missing session bus, as over SSH. */
export const NO_BUS = 'No keychain: this machine has no D-Bus session.';

const INSTEAD: readonly Advice[] = [
  { do: 'pass-key', purpose: 'Pass the key in VAST_API_KEY' },
  { do: 'save-key', storage: 'file', purpose: 'Or keep it in a file' },
];
const LONGER = 'Unlock it and try again; VASTAI_KEYCHAIN_TIMEOUT=60 waits longer.';

const FIXES: Readonly<Record<KeychainCode, readonly Advice[]>> = {
  keychain_missing: INSTEAD,
  keychain_locked: [{ do: 'unlock-keychain' }, ...INSTEAD],
  keychain_timeout: [{ do: 'say', text: LONGER }, ...INSTEAD],
  keychain_error: [{ do: 'say', text: 'Try again.' }, ...INSTEAD],
};

/** Reports an error of a keychain, with the same message as a `Problem`. */
export class KeychainError extends StorageError {
  readonly problem: Problem;
  /** True if a write failed before it changed anything; see `isUntouched`. */
  untouched = false;

  constructor(code: KeychainCode, message: string, cause?: unknown, fix = FIXES[code]) {
    super(message, fix, cause);
    this.problem = { code, message, fix };
  }
}

/** Returns true for a `KeychainError`, by its fields, whichever copy of the class made it. */
export function isKeychainError(error: unknown): error is KeychainError {
  return isVastaiError(error) && error.code === 'storage' && 'problem' in error;
}

/** Returns the error for a message of the addon or the bus. Only the message shows that a keychain is locked. */
export function keychainError(text: string): KeychainError {
  const words = serverText(text, 200);
  // From libsecret for a locked collection, and from macOS if it may not ask for the password.
  if (/\blocked\b|interaction is not allowed/i.test(words)) return lockedError();
  return new KeychainError('keychain_error', `The keychain refused: ${words}`);
}

export function lockedError(): KeychainError {
  return new KeychainError('keychain_locked', 'The keychain is locked.');
}

export function noCollectionError(cause?: unknown): KeychainError {
  return new KeychainError(
    'keychain_missing',
    'The keychain has no default collection to save a key in.',
    cause,
  );
}

/** Returns the error for a collection that lives in memory: the key would be lost at log-out, after its older copies. */
export function sessionCollectionError(): KeychainError {
  return new KeychainError(
    'keychain_missing',
    'The default collection of the keychain is "session", which is only in memory, so the key would be lost when you log out.',
  );
}
