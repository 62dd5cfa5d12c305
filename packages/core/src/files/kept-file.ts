import { randomBytes } from 'node:crypto';
import { link, lstat, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './atomic-write.js';
import { explainFileError } from './file-error.js';
import { keptPrefix, removeBeginningWith } from './leftovers.js';
import { refuseLink } from './links.js';
import { isMissing } from './missing.js';
import { readPrivateFile, writeNewPrivateFile } from './private-file.js';

/** A file, kept as it was before a change. */
export interface KeptFile {
  /** Path of the kept file; `undefined` if the file did not exist. */
  readonly path: string | undefined;
  /** Restores the file by a rename, which works on a full disk. @throws StorageError if that fails. */
  putBack(): Promise<void>;
  /** Removes the kept file, after a change that failed. @throws StorageError if it cannot be removed. */
  discard(): Promise<void>;
  /** Removes the kept file, and those of killed processes, after a change that worked. @throws StorageError */
  letGo(): Promise<void>;
}

/**
 * Keeps a file under a second name next to it, so that restoring it after a failed change needs no space. It makes a hard
 * link, or a copy on file systems without hard links. Call it under the lock.
 *
 * @throws StorageError if the file cannot be kept. Nothing has changed then.
 */
export async function keepPrivateFile(path: string): Promise<KeptFile> {
  const folder = dirname(path);
  const kept = join(folder, `${keptPrefix(path)}${process.pid}.${randomBytes(6).toString('hex')}`);
  const isThere = await keepAt(path, kept);
  const remove = (what: string) =>
    rm(what, { force: true }).catch((error) => {
      throw explainFileError('remove', what, error);
    });
  return {
    path: isThere ? kept : undefined,
    async putBack() {
      if (isThere && !(await isOneFile(kept, path))) {
        await rename(kept, path).catch((error) => {
          throw explainFileError('write', path, error);
        });
      }
      await remove(isThere ? kept : path);
      await syncFolder(folder);
    },
    discard: () => remove(kept),
    letGo: () => removeBeginningWith(folder, keptPrefix(path)),
  };
}

/** Returns true if both names are the same file, because nothing has replaced it yet. */
async function isOneFile(kept: string, path: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [lstat(kept), lstat(path)].map((stat) => stat.catch(() => undefined)),
  );
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

async function keepAt(path: string, kept: string): Promise<boolean> {
  await refuseLink(path);
  try {
    await link(path, kept);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
  }
  const file = await readPrivateFile(path);
  if (file === undefined) return false;
  try {
    await writeNewPrivateFile(kept, file.bytes);
    return true;
  } catch (error) {
    throw explainFileError('write', path, error);
  }
}
