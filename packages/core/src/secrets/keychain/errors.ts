import type { Advice } from '../../base/advice.js';
import { StorageError } from '../../base/errors.js';
import { serverText } from '../../base/terminal-safe.js';
import type { Problem } from '../lookup.js';

/**
 * Why the keychain did not do what was asked.
 *
 * - `keychain_missing`: there is none: no session bus, no service, no addon. It holds nothing.
 * - `keychain_locked`: it is there and will not be used until somebody unlocks it.
 * - `keychain_timeout`: it did not answer in time.
 * - `keychain_error`: it refused, with words of its own.
 */
export type KeychainCode = 'keychain_missing' | 'keychain_locked' | 'keychain_timeout' | 'keychain_error';

/** What is said where the session bus is missing, as over SSH. */
export const NO_BUS = 'There is no session bus here, through which keychains are reached.';

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

/** A keychain that failed, as an error to throw and as a problem to show. */
export class KeychainError extends StorageError {
  readonly problem: Problem;
  /** Whether a write failed before it changed anything; see `isUntouched`. */
  untouched = false;

  constructor(code: KeychainCode, message: string, cause?: unknown, fix = FIXES[code]) {
    super(message, fix, cause);
    this.problem = { code, message, fix };
  }
}

/** Makes an error of what an addon or a bus said; a locked keychain is known by its words only. */
export function refusal(text: string): KeychainError {
  const words = serverText(text, 200);
  // What libsecret says of a locked collection, and macOS where it may not ask for the password.
  if (/\blocked\b|interaction is not allowed/i.test(words)) return lockedError();
  return new KeychainError('keychain_error', `The keychain refused: ${words}`);
}

export function lockedError(): KeychainError {
  return new KeychainError('keychain_locked', 'The keychain is locked.');
}

export function noCollectionError(cause?: unknown): KeychainError {
  return new KeychainError(
    'keychain_missing',
    'The keychain has no default collection, in which a key could be kept.',
    cause,
  );
}

/** Says why a key is not put there: it would be gone at the next log-out, and its older copies before that. */
export function sessionCollectionError(): KeychainError {
  return new KeychainError(
    'keychain_missing',
    'The default collection of the keychain is "session", which lives in memory only and would lose the key at log-out.',
  );
}
