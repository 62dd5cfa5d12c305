import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainFileError } from './file-error.js';

/** Returns the beginning of the name of a temporary file with new content; see `stageFile`. */
export function temporaryPrefix(path: string): string {
  return `.${basename(path)}.tmp-`;
}

/** Returns the beginning of the name under which `keepPrivateFile` keeps a file. */
export function keptPrefix(path: string): string {
  return `.${basename(path)}.old-`;
}

/** Returns true if a kill while the file at `path` was replaced can have left a file of this name. */
export function isLeftover(path: string, name: string): boolean {
  return [temporaryPrefix(path), keptPrefix(path)].some((prefix) => name.startsWith(prefix));
}

/** Removes the temporary files of killed processes, which can hold a key. Call it under the lock. */
export async function removeLeftovers(path: string): Promise<void> {
  await removeBeginningWith(dirname(path), temporaryPrefix(path));
}

/** Removes the files in a folder whose names begin with `prefix`. @throws StorageError if one cannot be removed. */
export async function removeBeginningWith(folder: string, prefix: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    await rm(path, { force: true }).catch((error) => {
      throw explainFileError('remove', path, error);
    });
  }
}
