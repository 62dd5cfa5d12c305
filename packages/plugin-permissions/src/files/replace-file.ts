import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { isVastaiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import { type NewFileOptions, stageFile, writeNewFile } from '@vastai-cli/core/internal/files/atomic-write';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { isUnsupported } from '@vastai-cli/core/internal/files/flush';
import { isMissing } from '@vastai-cli/core/internal/files/missing';

/** A file that is not there yet gets the mode that the umask leaves. */
const FOR_ALL: NewFileOptions = { mode: 0o666 };

/**
 * Puts a text in the place of a file, or makes the file, so that the old content stays whole until the new one is.
 * Mode and owner stay.
 *
 * @param before what was read of the file; if it holds something else by now, nothing is written
 * @throws UsageError when that is not possible, also for a symbolic link; the file is then as it was.
 */
export async function replaceFile(path: string, text: string, before?: Uint8Array): Promise<void> {
  try {
    const old = await statOf(path);
    const staged = await stageFile(path, text, old === undefined ? FOR_ALL : like(old));
    try {
      if (before !== undefined && !(await readFile(path)).equals(before)) {
        throw new UsageError(`${path} has changed in the meantime; nothing was written.`, 'Run it again.');
      }
      await staged.commit();
    } catch (error) {
      await staged.discard();
      throw error;
    }
  } catch (error) {
    throw isVastaiError(error) ? error : writeError(path, error);
  }
}

/** Makes a file that is not there yet. @throws UsageError */
export async function makeFile(path: string, text: string): Promise<void> {
  try {
    await writeNewFile(path, text, FOR_ALL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeError(path, error);
    throw new UsageError(`${path} already exists.`, 'Choose another name, or remove it first.');
  }
}

function like({ uid, gid, mode }: Stats): NewFileOptions {
  return {
    mode: 0o600,
    async prepare(file) {
      // Only the superuser may give a file away; for everybody else the new one is their own.
      await file.chown(uid, gid).catch(() => {});
      // FAT and some network file systems keep no modes.
      await file.chmod(mode & 0o7777).catch(ignoreUnsupported);
    },
  };
}

async function statOf(path: string): Promise<Stats | undefined> {
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
