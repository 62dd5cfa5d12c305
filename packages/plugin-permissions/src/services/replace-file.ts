import { randomBytes } from 'node:crypto';
import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { flush, isUnsupported } from '@vastai-cli/core/internal/files/flush';
import { isMissing } from '@vastai-cli/core/internal/files/private-file';

/**
 * Puts a text in the place of a file, or makes the file: written beside it, flushed to the disk, then renamed,
 * so that the old content stays whole until the new one is. Mode and owner stay.
 *
 * @param before what was read of the file; if it holds something else by now, nothing is written
 * @throws UsageError when that is not possible, also for a symbolic link; the file is then as it was.
 */
export async function replaceFile(path: string, text: string, before?: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${randomBytes(6).toString('hex')}`);
  try {
    const old = await statOf(path);
    const file = await open(temporary, 'wx', old === undefined ? 0o666 : 0o600);
    try {
      await file.writeFile(text, 'utf8');
      if (old !== undefined) {
        // Only the superuser may give a file away; for everybody else the new one is their own.
        await file.chown(old.uid, old.gid).catch(() => {});
        // FAT and some network file systems keep no modes.
        await file.chmod(old.mode & 0o7777).catch(ignoreUnsupported);
      }
      await flush(file);
    } finally {
      await file.close();
    }
    if (before !== undefined && !(await readFile(path)).equals(before)) {
      throw new UsageError(`${path} was changed meanwhile; nothing was written.`, 'Run it again.');
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error instanceof UsageError ? error : writeError(path, error);
  }
}

/** Makes a file that is not there yet. @throws UsageError */
export async function makeFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST')
      throw new UsageError(`${path} is there already.`, 'Choose another name, or remove it first.');
    throw writeError(path, error);
  });
  try {
    await file.writeFile(text, 'utf8');
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw writeError(path, error);
  } finally {
    await file.close();
  }
}

async function statOf(path: string) {
  const stat = await lstat(path).catch((error) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (stat === undefined || stat.isFile()) return stat;
  const what = stat.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
  throw new UsageError(`${path} is ${what}; nothing was written.`, 'Name the file itself.');
}

function ignoreUnsupported(error: NodeJS.ErrnoException): void {
  if (!isUnsupported(error) && error.code !== 'EPERM') throw error;
}

function writeError(path: string, error: unknown): UsageError {
  return new UsageError(explainFileError('write', path, error).message);
}
