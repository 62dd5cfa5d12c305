import { START_OVER } from '../../base/advice.js';
import type { ApiKey } from '../../base/api-key.js';
import { readKeyBytes } from '../key-text.js';
import { ABSENT, type Lookup, unreadable } from '../lookup.js';
import type { KeptKey } from '../store.js';
import { nameOfEntry } from './entry-name.js';
import {
  isKeychainError,
  KeychainError,
  lockedError,
  noCollectionError,
  sessionCollectionError,
} from './errors.js';
import { explainFromAfar } from './from-afar.js';
import {
  type CollectionState,
  collectionState,
  entryState,
  findEntry,
  hasStrayEntry,
} from './linux/secret-service.js';
import { type Keychain, withKeychain } from './native/helper-process.js';
import type { KeychainOptions } from './options.js';
import { withinLimit } from './timeout.js';

/** Account of the probe: not a valid profile name, so it never holds a key. */
const PROBE_ACCOUNT = '(probe)';
const PROBE_TEXT = 'no-key';

/** Reads a profile's key. The error of a keychain is part of the result: `unreadable`, with its code. */
export async function readEntry(options: KeychainOptions, profile: string): Promise<Lookup> {
  try {
    return lookupOf(await entryOf(options, profile), profile);
  } catch (error) {
    if (!isKeychainError(error)) throw error;
    const problem = explainFromAfar(error.problem, profile, options.environment);
    return { state: 'unreadable', problem };
  }
}

/** Reads a profile's entry: `undefined` if it does not exist, `null` if it is not text. @throws KeychainError */
async function entryOf(options: KeychainOptions, profile: string): Promise<string | null | undefined> {
  return withinLimit(options, async (signal, limitMs) => {
    const { state, secret } = await findEntry(options.environment, profile, signal);
    if (state === 'absent') return undefined;
    if (secret !== undefined) return Buffer.from(secret).toString();
    requireUnlocked(options, state);
    const text = await withKeychain(options, signal, limitMs, (keychain) => keychain.get(profile));
    if (text === null && state === 'locked') throw lockedError();
    // If only the addon was asked, null also means that the entry does not exist. Otherwise, it may have been removed since.
    const isGone = async () =>
      state === 'unknown' || (await entryState(options.environment, profile, signal)) === 'absent';
    return text === null && (await isGone()) ? undefined : text;
  });
}

function lookupOf(text: string | null | undefined, profile: string): Lookup {
  if (text === undefined) return ABSENT;
  const place = `The keychain entry vastai/${profile}`;
  // The service has the entry, but the addon does not return it, because it returns only text.
  if (text === null) {
    return unreadable('not_utf8', `${place} is not UTF-8 text.`, [
      { do: 'save-key', purpose: 'Save the key again' },
    ]);
  }
  return readKeyBytes(Buffer.from(text), place);
}

/**
 * Reads a profile's entry, so that a save that fails can restore it, even if it is not a key.
 *
 * @throws KeychainError if it cannot be read. It could not be restored then, and so must not be replaced.
 */
export async function keepEntry(options: KeychainOptions, profile: string): Promise<KeptKey> {
  const before = await entryOf(options, profile);
  return {
    lookup: lookupOf(before, profile),
    async putBack() {
      if ((await entryOf(options, profile)) === before) return;
      // The addon cannot write an entry that is not text.
      if (typeof before === 'string') await changing(options, (keychain) => keychain.set(profile, before));
      if (before === undefined) await removeEntry(options, profile);
    },
    discard: async () => {},
    letGo: async () => {},
  };
}

/**
 * Writes an entry without a key, and removes it. Only that shows whether a key can be written: an unlocked collection may be
 * full or read-only, and a person may unlock a locked one. The entry always has the same name, so that a kill leaves at most
 * one, which the next probe removes.
 *
 * @throws KeychainError if a key could not be written.
 */
export async function probeKeychain(options: KeychainOptions): Promise<void> {
  await changing(options, async (keychain) => {
    await setProbe(keychain, 3);
    await keychain.delete(PROBE_ACCOUNT).catch(() => {});
  });
}

/** Writes the probe entry. Tries again if that fails, since another vastai may remove its own at the same time. */
async function setProbe(keychain: Keychain, attempts: number): Promise<void> {
  try {
    await keychain.set(PROBE_ACCOUNT, PROBE_TEXT);
  } catch (error) {
    const refused = isKeychainError(error) && error.problem.code === 'keychain_error';
    if (!refused || attempts === 1) throw error;
    await setProbe(keychain, attempts - 1);
  }
}

/**
 * Writes a profile's key and reads it back. If a different one comes back, restores the old key.
 *
 * @throws KeychainError if the key may not be in the keychain.
 */
export async function writeEntry(options: KeychainOptions, profile: string, key: ApiKey): Promise<void> {
  let begun = false;
  const write = async (keychain: Keychain, signal: AbortSignal) => {
    if (await hasStrayEntry(options.environment, profile, signal)) {
      throw new KeychainError(
        'keychain_error',
        `Another collection of the keychain also has a ${nameOfEntry(profile)}.`,
        undefined,
        START_OVER,
      );
    }
    const before = await keychain.get(profile);
    begun = true;
    await keychain.set(profile, key.reveal()).catch((error: unknown) => {
      // A locked collection was not changed.
      begun = !(isKeychainError(error) && error.problem.code === 'keychain_locked');
      throw error;
    });
    const after = await keychain.get(profile).catch(() => null);
    if (after === key.reveal()) return;
    if (before !== null) await keychain.set(profile, before).catch(() => {});
    throw new KeychainError(
      'keychain_error',
      'The keychain accepted the key, but does not return it.',
      undefined,
      START_OVER,
    );
  };
  try {
    await changing(options, write);
  } catch (error) {
    if (isKeychainError(error)) error.untouched = !begun;
    throw error;
  }
}

/**
 * Removes a profile's key. Returns false if there was none.
 *
 * @throws KeychainError if the key may still be there. It does not rely on the addon, which also says "nothing removed" of a
 *   locked entry.
 */
export async function removeEntry(options: KeychainOptions, profile: string): Promise<boolean> {
  return withinLimit(options, async (signal, limitMs) => {
    const state = await entryState(options.environment, profile, signal);
    if (state === 'absent') return false;
    requireUnlocked(options, state);
    const [removed, left] = await withKeychain(options, signal, limitMs, async (keychain) => [
      await keychain.delete(profile),
      state === 'unknown' ? await keychain.get(profile) : null,
    ]);
    const after = await entryState(options.environment, profile, signal);
    if (after === 'locked') throw lockedError();
    if (after === 'unlocked' || left !== null) {
      throw new KeychainError('keychain_error', 'The keychain did not remove the key.');
    }
    return removed || state !== 'unknown';
  });
}

async function changing(
  options: KeychainOptions,
  change: (keychain: Keychain, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await withinLimit(options, async (signal, limitMs) => {
    const state = await collectionState(options.environment, signal);
    requireUnlocked(options, state);
    // A person at a terminal may still create the first collection, for which the service asks for a password.
    if (state === 'absent' && !options.interactive) throw noCollectionError();
    if (state === 'in memory') throw sessionCollectionError();
    await withKeychain(options, signal, limitMs, (keychain) => change(keychain, signal)).catch((error) => {
      const refused = isKeychainError(error) && error.problem.code === 'keychain_error';
      throw state === 'absent' && refused ? noCollectionError(error) : error;
    });
  });
}

/** Throws if the keychain is locked and no person can type its password. @throws KeychainError */
function requireUnlocked(options: KeychainOptions, state: CollectionState): void {
  if (state === 'locked' && !options.interactive) throw lockedError();
}
