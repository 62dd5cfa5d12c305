import { isVastaiError, UsageError } from '../base/errors.js';
import type { KeyStore } from '../secrets/store.js';
import type { Context } from './context.js';

/** Says where a new key goes, as `set api-key --storage` does. */
export type StorageChoice = 'auto' | 'keychain' | 'file';
export const STORAGE_CHOICES: readonly StorageChoice[] = ['auto', 'keychain', 'file'];

/** Holds a store that can take a key, and why it was this one where there was a choice. */
export interface ChosenStore {
  readonly store: KeyStore;
  /** Sentence that says why the keychain was passed over; absent where it was not. */
  readonly fellBackBecause?: string;
}

/**
 * Chooses the store for a new key and makes sure that it can take one, before a key is asked for or made.
 *
 * @param choice `auto` is the keychain where one works, else the file; `keychain` never falls back. Without it,
 *   `VASTAI_STORAGE` says, or `auto`.
 * @throws StorageError when the chosen store cannot take a key.
 * @throws UsageError for another value of `VASTAI_STORAGE`, and for a profile whose key a program prints.
 */
export async function chooseStore(context: Context, choice?: StorageChoice): Promise<ChosenStore> {
  const kind = choice ?? storageOf(context.environment.VASTAI_STORAGE);
  const { file, keychain } = context.stores;
  const { name } = context.profile;
  requireOwnStore(context);
  if (kind !== 'auto') {
    const store = context.stores[kind];
    await store.probe(name);
    return { store };
  }
  try {
    await keychain.probe(name);
    return { store: keychain };
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'storage') throw error;
    await file.probe(name);
    return { store: file, fellBackBecause: error.message };
  }
}

/** @throws UsageError when the profile's key comes from a command: a key that is saved would hide it. */
export function requireOwnStore({ record, profile }: Context): void {
  if (record?.storage !== 'command') return;
  throw new UsageError(
    `Profile "${profile.name}" takes its key from a command; vastai does not write there.`,
    'Change the key where the command reads it, or use another profile.',
  );
}

function storageOf(variable: string | undefined): StorageChoice {
  const choice = STORAGE_CHOICES.find((one) => one === (variable ?? 'auto'));
  if (choice === undefined)
    throw new UsageError(`VASTAI_STORAGE is not one of ${STORAGE_CHOICES.join(', ')}.`);
  return choice;
}
