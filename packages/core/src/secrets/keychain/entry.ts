import { START_OVER } from '../../base/advice.js';
import type { ApiKey } from '../../base/api-key.js';
import { readKeyBytes } from '../key-text.js';
import { ABSENT, type Lookup, unreadable } from '../lookup.js';
import type { KeptKey } from '../store.js';
import { KeychainError, lockedError, noCollectionError, sessionCollectionError } from './errors.js';
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

/** No profile can have this name, and no key is ever in it. */
const PROBE_ACCOUNT = '(probe)';
const PROBE_TEXT = 'no-key';

/** Reads a profile's key. A keychain that fails is a reading too: `unreadable`, with its code. */
export async function readEntry(options: KeychainOptions, profile: string): Promise<Lookup> {
  try {
    return lookupOf(await entryOf(options, profile), profile);
  } catch (error) {
    if (!(error instanceof KeychainError)) throw error;
    const problem = explainFromAfar(error.problem, profile, options.environment);
    return { state: 'unreadable', problem };
  }
}

/** Reads a profile's entry: `undefined` where it has none, `null` for what is not text. @throws KeychainError */
async function entryOf(options: KeychainOptions, profile: string): Promise<string | null | undefined> {
  return withinLimit(options, async (signal, limitMs) => {
    const { state, secret } = await findEntry(options.environment, profile, signal);
    if (state === 'absent') return undefined;
    if (secret !== undefined) return Buffer.from(secret).toString();
    refuseToAsk(options, state);
    const text = await withKeychain(options, signal, limitMs, (keychain) => keychain.get(profile));
    if (text === null && state === 'locked') throw lockedError();
    // Where only the addon was asked, it says the same of an entry that is not there; elsewhere the entry may have been
    // removed meanwhile.
    const isGone = async () =>
      state === 'unknown' || (await entryState(options.environment, profile, signal)) === 'absent';
    return text === null && (await isGone()) ? undefined : text;
  });
}

function lookupOf(text: string | null | undefined, profile: string): Lookup {
  if (text === undefined) return ABSENT;
  const place = `The keychain entry vastai/${profile}`;
  // The service has it and the addon does not give it: it gives text only.
  if (text === null) {
    return unreadable('not_utf8', `${place} is not UTF-8 text.`, [
      { do: 'save-key', purpose: 'Save the key again' },
    ]);
  }
  return readKeyBytes(Buffer.from(text), place);
}

/**
 * Reads a profile's entry, so that a save that fails can put it back, whether its text is a key or not.
 *
 * @throws KeychainError when it cannot be read: what could not be put back must not be replaced.
 */
export async function keepEntry(options: KeychainOptions, profile: string): Promise<KeptKey> {
  const before = await entryOf(options, profile);
  return {
    lookup: lookupOf(before, profile),
    async putBack() {
      if ((await entryOf(options, profile)) === before) return;
      // What is not text cannot be written through the addon.
      if (typeof before === 'string') await changing(options, (keychain) => keychain.set(profile, before));
      if (before === undefined) await removeEntry(options, profile);
    },
    discard: async () => {},
    letGo: async () => {},
  };
}

/**
 * Writes an entry that holds no key, and removes it: nothing less tells whether a key could be written,
 * since a collection that is unlocked may still be full or read-only, and a locked one may be unlocked
 * by the person just now. The entry's name is always the same, so that a kill in between leaves one at
 * most, which the next probe removes.
 *
 * @throws KeychainError when a key could not be written.
 */
export async function probeKeychain(options: KeychainOptions): Promise<void> {
  await changing(options, async (keychain) => {
    await setProbe(keychain, 3);
    await keychain.delete(PROBE_ACCOUNT).catch(() => {});
  });
}

/** Another vastai may probe at the same time, and remove the entry while it is written here: then once more. */
async function setProbe(keychain: Keychain, attempts: number): Promise<void> {
  try {
    await keychain.set(PROBE_ACCOUNT, PROBE_TEXT);
  } catch (error) {
    const refused = error instanceof KeychainError && error.problem.code === 'keychain_error';
    if (!refused || attempts === 1) throw error;
    await setProbe(keychain, attempts - 1);
  }
}

/**
 * Writes a profile's key and reads it back; where another one comes back, the key from before is put back.
 *
 * @throws KeychainError when the key is not known to be in the keychain afterwards.
 */
export async function writeEntry(options: KeychainOptions, profile: string, key: ApiKey): Promise<void> {
  let begun = false;
  const write = async (keychain: Keychain, signal: AbortSignal) => {
    if (await hasStrayEntry(options.environment, profile, signal)) {
      throw new KeychainError(
        'keychain_error',
        `Another collection of the keychain has a key of profile "${profile}" too.`,
        undefined,
        START_OVER,
      );
    }
    const before = await keychain.get(profile);
    begun = true;
    await keychain.set(profile, key.reveal()).catch((error: unknown) => {
      // Nothing is written to a locked collection.
      begun = !(error instanceof KeychainError && error.problem.code === 'keychain_locked');
      throw error;
    });
    const after = await keychain.get(profile).catch(() => null);
    if (after === key.reveal()) return;
    if (before !== null) await keychain.set(profile, before).catch(() => {});
    throw new KeychainError(
      'keychain_error',
      'The keychain took the key, but does not give it back.',
      undefined,
      START_OVER,
    );
  };
  try {
    await changing(options, write);
  } catch (error) {
    if (error instanceof KeychainError) error.untouched = !begun;
    throw error;
  }
}

/**
 * Removes a profile's key; says whether there was one.
 *
 * @throws KeychainError when it may still be there: the addon's "nothing removed" alone proves nothing.
 */
export async function removeEntry(options: KeychainOptions, profile: string): Promise<boolean> {
  return withinLimit(options, async (signal, limitMs) => {
    const state = await entryState(options.environment, profile, signal);
    if (state === 'absent') return false;
    refuseToAsk(options, state);
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
    refuseToAsk(options, state);
    // With a person there, the service may still ask for the password of a first collection.
    if (state === 'absent' && !options.interactive) throw noCollectionError();
    if (state === 'in memory') throw sessionCollectionError();
    await withKeychain(options, signal, limitMs, (keychain) => change(keychain, signal)).catch((error) => {
      const refused = error instanceof KeychainError && error.problem.code === 'keychain_error';
      throw state === 'absent' && refused ? noCollectionError(error) : error;
    });
  });
}

/** An unlocked keychain asks for nothing; a locked one asks for its password, which needs a person. */
function refuseToAsk(options: KeychainOptions, state: CollectionState): void {
  if (state === 'locked' && !options.interactive) throw lockedError();
}
