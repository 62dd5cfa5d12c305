import type { ApiKey } from '../base/api-key.js';
import { readSettings, recordOf } from '../config/settings.js';
import { readKeyFile } from '../secrets/key-text.js';
import type { Context } from './context.js';
import { idIn, isNoted } from './noted-key.js';
import { listProfiles } from './profiles.js';
import { boundOriginOf } from './stored-sources.js';

/** Describes a key, whose value need not be known. */
export interface DescribedKey {
  /** Id of the key, if it is known. */
  readonly id: number | undefined;
  /** Value of the key, if it is known. */
  readonly key?: ApiKey | undefined;
  /** Returns true for the value of the key. */
  isKey(other: ApiKey): boolean;
}

/**
 * Returns the other profiles in which a key is saved for the API of a context, which stop working when it is deleted.
 *
 * @throws StorageError if the settings cannot be read.
 */
export async function otherProfilesWith(context: Context, described: DescribedKey): Promise<string[]> {
  const all = await profilesWith(context, described);
  return all.filter((name) => name !== context.profile.name);
}

/**
 * Returns the profiles in which a key is saved for the API of a context. It asks no keychain and runs no program, so it finds a
 * key in a keychain only by what is noted about it.
 *
 * @throws StorageError if the settings cannot be read.
 */
export async function profilesWith(
  { paths, url }: Pick<Context, 'paths' | 'url'>,
  { id, key, isKey }: DescribedKey,
): Promise<string[]> {
  const settings = await readSettings(paths);
  const found: string[] = [];
  for (const { name, storage } of await listProfiles(paths)) {
    const record = recordOf(settings, name);
    if (boundOriginOf(record).origin !== url.origin) continue;
    const inFile = storage === 'file' ? await readKeyFile(paths.keyFile(name)) : undefined;
    const isNotedThere =
      (id !== undefined && idIn(record) === id) || (key !== undefined && isNoted(record, key));
    if (inFile?.state === 'present' ? isKey(inFile.key) : storage === 'keychain' && isNotedThere)
      found.push(name);
  }
  return found;
}
