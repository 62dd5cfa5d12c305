import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ApiKey } from '../base/api-key.js';
import type { Paths } from '../config/paths.js';
import { removePrivateFile, writePrivateFile } from '../files/private-file.js';
import { ensurePrivateFolder } from '../files/private-folder.js';

/** A file with a key that is not stored anywhere else yet. */
export interface UnsavedKey {
  readonly path: string;
  /** Removes the file. @throws StorageError if it may still exist. */
  remove(): Promise<void>;
}

/**
 * Writes a new key to its own file (0600) in the configuration folder, so that it survives a kill, or a wait for a lock, a
 * keychain or a reader. It needs no lock, because no two keys get the same file.
 *
 * @param name the profile that the key can be saved for, or the result of `createdName`
 * @throws StorageError if the file cannot be written.
 */
export async function keepUnsaved(paths: Paths, name: string, key: ApiKey): Promise<UnsavedKey> {
  const path = paths.unsavedKeyFile(`${name}.${randomBytes(4).toString('hex')}`);
  await ensurePrivateFolder(paths.configFolder, dirname(path));
  await writePrivateFile(path, `${key.reveal()}\n`);
  return { path, remove: async () => void (await removePrivateFile(path)) };
}

/** Returns the name for a created key, which belongs to no profile: profile names are lower case, so the two never clash. */
export function createdName(id: number): string {
  return `ID-${id}`;
}

/** A key left by a run that could neither save nor print it. */
export interface LeftKey {
  readonly path: string;
  /** Profile of the key; absent for a key that `create api-key` made. */
  readonly profile?: string;
}

/** Finds the keys that earlier runs left, including files that a kill left half-written. */
export async function unsavedKeys(paths: Paths): Promise<LeftKey[]> {
  const names = await readdir(paths.configFolder).catch(() => []);
  return names
    .map((name) => paths.unsavedKeyAt(name))
    .filter((path) => path !== undefined)
    .map((path) => {
      const owner = /^\.?[^.]+\.(.+)\.[0-9a-f]{8}(?:\.tmp-.*)?$/u.exec(basename(path))?.[1];
      return owner === undefined || owner.startsWith('ID-') ? { path } : { path, profile: owner };
    });
}
