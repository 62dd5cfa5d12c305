import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { isVastaiError, UsageError } from '../base/errors.js';
import { type NewFileOptions, stageFile, writeNewFile } from './atomic-write.js';
import { explainFileError } from './file-error.js';
import { isUnsupported } from './flush.js';
import { isMissing } from './missing.js';

/** New files get the default mode, according to the umask. */
const FOR_ALL: NewFileOptions = { mode: 0o666 };

/**
 * Creates a file or replaces its content atomically, so that a crash leaves either the old or the new content. Keeps
 * the mode and the owner.
 *
 * @param before the content that was read; if the file has changed since, nothing is written
 * @throws UsageError if the file cannot be written or is a symbolic link; the file is then unchanged.
 */
export async function replaceFile(path: string, text: string, before?: Uint8Array): Promise<void> {
  requireFileName(path);
  try {
    const old = await statOf(path);
    const staged = await stageFile(path, text, old === undefined ? FOR_ALL : like(old));
    try {
      if (before !== undefined && !(await readFile(path)).equals(before)) {
        throw new UsageError(
          `${path} was changed by another program. Nothing was written.`,
          'Run the command again.',
        );
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

/** Creates a file. @throws UsageError if it already exists or cannot be written. */
export async function makeFile(path: string, text: string): Promise<void> {
  requireFileName(path);
  try {
    await writeNewFile(path, text, FOR_ALL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeError(path, error);
    throw new UsageError(`${path} already exists.`, 'Choose another name, or remove it first.');
  }
}

/** @throws UsageError for "-", which means a stream elsewhere, so nobody expects a file of that name. */
function requireFileName(path: string): void {
  if (path !== '-') return;
  throw new UsageError(
    '"-" is not a file to write.',
    'Use > to redirect standard output. For a file with this name, write ./-',
  );
}

function like({ uid, gid, mode }: Stats): NewFileOptions {
  return {
    mode: 0o600,
    async prepare(file) {
      // Only root can change the owner; everyone else keeps the new file.
      await file.chown(uid, gid).catch(() => {});
      // FAT and some network file systems do not store modes.
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
  throw new UsageError(`${path} is ${what}. Nothing was written.`, 'Give the path of a regular file.');
}

function ignoreUnsupported(error: NodeJS.ErrnoException): void {
  if (!isUnsupported(error) && error.code !== 'EPERM') throw error;
}

function writeError(path: string, error: unknown): UsageError {
  return new UsageError(explainFileError('write', path, error).message);
}
