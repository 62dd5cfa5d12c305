import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flush } from './flush.js';
import { temporaryPrefix } from './leftovers.js';

/** The new content of a file, on the disk beside it. */
export interface StagedFile {
  /** Puts it in the place of the old one by a rename, which a full disk does not stop. */
  commit(): Promise<void>;
  /** Removes it. Does nothing after `commit`. */
  discard(): Promise<void>;
}

export interface NewFileOptions {
  /** The mode that it is made with; the umask takes away from it. */
  readonly mode: number;
  /** Gives it its owner and its mode before anything is in it. */
  readonly prepare?: (file: FileHandle) => void | Promise<void>;
}

/**
 * Writes a file's new content to a temporary file beside it and flushes it to the disk, so that nothing needs space
 * after that. Whoever reads sees the old content or the new one; a kill or a full disk leaves the old one.
 *
 * @throws an error of the system, as `commit` does; nothing is left beside the file then.
 */
export async function stageFile(
  path: string,
  content: string | Uint8Array,
  options: NewFileOptions,
): Promise<StagedFile> {
  const folder = dirname(path);
  const temporary = join(folder, `${temporaryPrefix(path)}${process.pid}.${randomBytes(6).toString('hex')}`);
  const discard = () => rm(temporary, { force: true }).catch(() => {});
  await writeNewFile(temporary, content, options);
  return {
    async commit() {
      try {
        await rename(temporary, path);
      } catch (error) {
        await discard();
        throw error;
      }
      await syncFolder(folder);
    },
    discard,
  };
}

/** Replaces or makes a file that others may read, as the umask leaves its mode; see `stageFile`. */
export async function replaceWhole(path: string, text: string): Promise<void> {
  await (await stageFile(path, text, { mode: 0o666 })).commit();
}

/** Makes a file that is not there yet, flushed to the disk; leaves none when that fails. @throws an error of the system */
export async function writeNewFile(
  path: string,
  content: string | Uint8Array,
  { mode, prepare }: NewFileOptions,
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await prepare?.(file);
    await file.writeFile(content, 'utf8');
    await flush(file);
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes a rename last through a power cut. Not every system can open a folder: there it is left out. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
