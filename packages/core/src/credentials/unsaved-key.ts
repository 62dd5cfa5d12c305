import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ApiKey } from '../base/api-key.js';
import type { Paths } from '../config/paths.js';
import { removePrivateFile, writePrivateFile } from '../files/private-file.js';
import { ensurePrivateFolder } from '../files/private-folder.js';

/** The file of a key that exists nowhere else as yet. */
export interface UnsavedKey {
  readonly path: string;
  /** @throws StorageError when the file may still be there. */
  remove(): Promise<void>;
}

/**
 * Writes a new key to a file of its own (0600) in the configuration folder, so that neither a kill nor a wait for
 * a lock, a keychain or a reader loses it. It needs no lock: no two keys get the same file.
 *
 * @param name whose key it is: a profile, for which it can be saved, or what `createdName` gives.
 * @throws StorageError when it cannot be written.
 */
export async function keepUnsaved(paths: Paths, name: string, key: ApiKey): Promise<UnsavedKey> {
  const path = paths.unsavedKeyFile(`${name}.${randomBytes(4).toString('hex')}`);
  await ensurePrivateFolder(paths.configFolder, dirname(path));
  await writePrivateFile(path, `${key.reveal()}\n`);
  return { path, remove: async () => void (await removePrivateFile(path)) };
}

/** Names a key that was created, and so belongs to no profile: the names of those are in lower case. */
export function createdName(id: number): string {
  return `ID-${id}`;
}

/** A key that an earlier run could neither save nor print. */
export interface LeftKey {
  readonly path: string;
  /** The profile that it is for, unless it was created for something else. */
  readonly profile?: string;
}

/** Finds the keys that were left, those that a kill left half-way included. */
export async function unsavedKeys(paths: Paths): Promise<LeftKey[]> {
  const prefix = basename(paths.unsavedKeyFile(''));
  const names = await readdir(paths.configFolder).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) || name.startsWith(`.${prefix}`))
    .map((name) => {
      const path = join(paths.configFolder, name);
      const whose = /^\.?[^.]+\.(.+)\.[0-9a-f]{8}(?:\.tmp-.*)?$/u.exec(name)?.[1];
      return whose === undefined || whose.startsWith('ID-') ? { path } : { path, profile: whose };
    });
}
