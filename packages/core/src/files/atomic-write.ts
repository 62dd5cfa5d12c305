import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flush } from './flush.js';
import { temporaryPrefix } from './leftovers.js';

/** The new content of a file, on disk in a temporary file next to it. */
export interface StagedFile {
  /** Replaces the old file by a rename, which works on a full disk. */
  commit(): Promise<void>;
  /** Removes the temporary file. Does nothing after `commit`. */
  discard(): Promise<void>;
}

/** The content of a file, or its parts as they arrive. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Options of a new file. */
export interface NewFileOptions {
  /** Mode of the file, before the umask. */
  readonly mode: number;
  /** Sets the owner or the mode while the file is empty. */
  readonly prepare?: (file: FileHandle) => void | Promise<void>;
}

/**
 * Writes the new content of a file to a temporary file next to it and flushes it to disk, so that `commit` needs no space.
 * Readers see either the old content or the new one. A kill or a full disk leaves the old content.
 *
 * @throws a system error, as `commit` does. No temporary file is left then.
 */
export async function stageFile(
  path: string,
  content: Content,
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

/** Creates or replaces a file that other users may read, with mode 0666 before the umask; see `stageFile`. */
export async function replaceWhole(path: string, text: string): Promise<void> {
  await (await stageFile(path, text, { mode: 0o666 })).commit();
}

/**
 * Creates a file and flushes it to disk. Leaves no file if that fails.
 *
 * @throws a system error, also if the file exists; what reading the content throws
 */
export async function writeNewFile(
  path: string,
  content: Content,
  { mode, prepare }: NewFileOptions,
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await prepare?.(file);
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content, 'utf8');
    else for await (const part of content) await file.writeFile(part);
    await flush(file);
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

/** Flushes a folder, so that a rename survives a power cut. Does nothing on systems that cannot open a folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
