import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainFileError } from './file-error.js';

/** Begins the name that a file's new content has until it takes its place; see `stageFile`. */
export function temporaryPrefix(path: string): string {
  return `.${basename(path)}.tmp-`;
}

/** Begins the second name that a file has while it is replaced; `keepPrivateFile` gives it. */
export function keptPrefix(path: string): string {
  return `.${basename(path)}.old-`;
}

/** Tells whether a name is one that the file at `path` has while it is replaced, and that a kill leaves. */
export function isLeftover(path: string, name: string): boolean {
  return [temporaryPrefix(path), keptPrefix(path)].some((prefix) => name.startsWith(prefix));
}

/** Removes the temporary files of writers that were killed: they hold a key. Only under the lock. */
export async function removeLeftovers(path: string): Promise<void> {
  await removeBeginningWith(dirname(path), temporaryPrefix(path));
}

/** Removes the files of a folder whose names begin so. @throws StorageError when one stays. */
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
