import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isVastaiError, StorageError } from '../base/errors.js';
import { type NewFileOptions, type StagedFile, stageFile, syncFolder, writeNewFile } from './atomic-write.js';
import { readOpenFile } from './bounded-read.js';
import { explainFileError } from './file-error.js';
import { keptPrefix, removeBeginningWith, removeLeftovers } from './leftovers.js';
import { isLink, linkError, refuseLink, requireNoBrokenLinkAbove, requireTrustedTarget } from './links.js';
import { isMissing } from './missing.js';
import { giveToFolderOwner } from './owner.js';

/** Size limit of a file. Everything that vastai stores is much smaller. */
const MAX_BYTES = 1024 * 1024;
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file that was read, with its owner and mode. */
export interface PrivateFile {
  readonly bytes: Uint8Array;
  /** Permission bits, such as 0o600; `undefined` on Windows. */
  readonly mode: number | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Target, if the path is a symbolic link. */
  readonly target?: string;
}

/**
 * Reads a small file of the user without ever blocking on a pipe. It follows symbolic links, which dotfiles managers and
 * Kubernetes use, to files that belong to the user or root.
 *
 * @param links `refuse` if a link may come from somebody else, as in a cloned repository
 * @returns `undefined` if the file does not exist
 * @throws StorageError if it exists but cannot be read.
 */
export async function readPrivateFile(
  path: string,
  links: 'follow' | 'refuse' = 'follow',
): Promise<PrivateFile | undefined> {
  const opened = await openPrivateFile(path, links);
  if (opened === undefined) return undefined;
  const { fd, target } = opened;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new StorageError(`${path} is not a regular file.`, 'Move it away, then try again.');
    }
    const bytes = readOpenFile(fd, MAX_BYTES);
    if (bytes.length > MAX_BYTES) {
      throw new StorageError(`${path} is larger than 1 MiB.`, 'Move it away, then try again.');
    }
    const { uid, gid, mode } = stat;
    const known = process.platform === 'win32' ? undefined : mode & 0o777;
    return { bytes, mode: known, uid, gid, ...(target === undefined ? {} : { target }) };
  } catch (error) {
    throw isVastaiError(error) ? error : explainFileError('read', path, error);
  } finally {
    closeSync(fd);
  }
}

/** Opens a file as `openSync` does: to await that would start threads, which takes longer than to read the file. */
async function openPrivateFile(
  path: string,
  links: 'follow' | 'refuse',
): Promise<{ fd: number; target?: string } | undefined> {
  try {
    if (isAbsent(path)) {
      await requireNoBrokenLinkAbove(path);
      return undefined;
    }
    // Windows has no O_NOFOLLOW. Elsewhere, `open` detects a link by that flag.
    if (process.platform === 'win32' && (await isLink(path))) return await openThroughLink(path, links);
    const fd = openSync(path, READ_ONLY);
    if (links === 'follow') await requireTrustedFolder(path).catch(closing(fd));
    return { fd };
  } catch (error) {
    if (isMissing(error)) {
      await requireNoBrokenLinkAbove(path);
      return undefined;
    }
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return openThroughLink(path, links);
    throw isVastaiError(error) ? error : explainFileError('read', path, error);
  }
}

/** Returns whether nothing is there. Errors are left to `open`. */
function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

async function openThroughLink(path: string, links: 'follow' | 'refuse') {
  if (links === 'refuse') throw await linkError(path, 'it is not read through one');
  const target = await requireTrustedTarget(path);
  try {
    return { fd: openSync(target, READ_ONLY), target };
  } catch (error) {
    throw explainFileError('read', target, error);
  }
}

/** Checks the target if a folder above the file is a link. @throws StorageError */
async function requireTrustedFolder(path: string): Promise<void> {
  const folder = dirname(path);
  if (realpathSync.native(folder) !== folder) await requireTrustedTarget(path);
}

function closing(fd: number) {
  return (error: unknown): never => {
    closeSync(fd);
    throw error;
  };
}

/**
 * Stages the new content of a file with mode 0600; see `stageFile`.
 *
 * @throws StorageError if that fails, or the file is a symbolic link, as `commit` does.
 */
export async function stagePrivateFile(path: string, text: string): Promise<StagedFile> {
  const staged = await explained(path, async () => {
    await refuseLink(path);
    return stageFile(path, text, forOwnerAlone(path));
  });
  const { discard } = staged;
  return {
    discard,
    commit: () =>
      explained(path, async () => {
        await refuseLink(path).catch(async (error) => {
          await discard();
          throw error;
        });
        await staged.commit();
      }),
  };
}

/**
 * Creates or replaces a file, with mode 0600.
 *
 * @throws StorageError if that fails. The old file is then unchanged.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await (await stagePrivateFile(path, text)).commit();
}

/** Creates a file with mode 0600. @throws a system error, also if the file exists */
export async function writeNewPrivateFile(path: string, content: Uint8Array): Promise<void> {
  await writeNewFile(path, content, forOwnerAlone(path));
}

function forOwnerAlone(path: string): NewFileOptions {
  return { mode: 0o600, prepare: ({ fd }) => giveToFolderOwner(fd, dirname(path)) };
}

async function explained<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isVastaiError(error) ? error : explainFileError('write', path, error);
  }
}

/** Removes a file, and the temporary files that killed processes left of it. Returns false if the file did not exist. */
export async function removePrivateFile(path: string): Promise<boolean> {
  await removeLeftovers(path);
  await removeBeginningWith(dirname(path), keptPrefix(path));
  try {
    await rm(path);
  } catch (error) {
    if (isMissing(error)) return false;
    throw explainFileError('remove', path, error);
  }
  await syncFolder(dirname(path));
  return true;
}
