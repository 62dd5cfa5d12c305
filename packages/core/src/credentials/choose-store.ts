import { isVastaiError, UsageError } from '../base/errors.js';
import type { KeyStore } from '../secrets/store.js';
import type { Context } from './context.js';

/** The value of `set api-key --storage`. */
export type StorageChoice = 'auto' | 'keychain' | 'file';
export const STORAGE_CHOICES: readonly StorageChoice[] = ['auto', 'keychain', 'file'];

/** The store for a new key. */
export interface ChosenStore {
  readonly store: KeyStore;
  /** Sentence about why the keychain is not used; absent if it is, or was not asked for. */
  readonly fellBackBecause?: string;
}

/**
 * Chooses the store for a new key, and checks that it can take one. Call it before asking for a key or creating one.
 *
 * @param choice `auto` is the keychain if one works, or else the file; `keychain` never falls back. The default is
 *   `VASTAI_STORAGE`, or else `auto`.
 * @throws StorageError if the chosen store cannot take a key.
 * @throws UsageError if `VASTAI_STORAGE` is not valid, or a program prints the profile's key.
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

/** Throws if the profile's key comes from a command, since a saved key would hide it. @throws UsageError */
export function requireOwnStore({ record, profile }: Context): void {
  if (record?.storage !== 'command') return;
  throw new UsageError(
    `Profile "${profile.name}" takes its key from a command, so vastai cannot change it.`,
    'Change the key where the command reads it, or use another profile.',
  );
}

/** Returns the choice in `VASTAI_STORAGE`, or else `auto`. @throws UsageError if it is not valid. */
export function storageOf(variable: string | undefined): StorageChoice {
  const choice = STORAGE_CHOICES.find((one) => one === (variable ?? 'auto'));
  if (choice === undefined)
    throw new UsageError(`VASTAI_STORAGE must be one of ${STORAGE_CHOICES.join(', ')}.`);
  return choice;
}
