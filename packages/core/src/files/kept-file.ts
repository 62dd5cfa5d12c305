import { randomBytes } from 'node:crypto';
import { link, lstat, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './atomic-write.js';
import { explainFileError } from './file-error.js';
import { keptPrefix, removeBeginningWith } from './leftovers.js';
import { refuseLink } from './links.js';
import { isMissing } from './missing.js';
import { readPrivateFile, writeNewPrivateFile } from './private-file.js';

/** A file as it was before a change. */
export interface KeptFile {
  /** Where it is kept; `undefined` when there was no file. */
  readonly path: string | undefined;
  /** Puts it back by a rename, which a full disk does not stop. @throws StorageError when that fails. */
  putBack(): Promise<void>;
  /** Removes what was kept, after a change that failed. @throws StorageError when it stays. */
  discard(): Promise<void>;
  /** Removes what was kept, by processes that were killed too, after a change that is done. @throws StorageError */
  letGo(): Promise<void>;
}

/**
 * Gives a file a second name beside it, so that going back after a failed change needs no space. Where the file
 * system has no hard links, it makes a copy. Call it under the lock.
 *
 * @throws StorageError when the file cannot be kept; nothing has changed then.
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

/** Tells whether both names still mean the same file, since nothing has taken its place yet. */
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
