import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '../errors.js';
import { explainFileError } from './file-error.js';

/** Nothing that is kept here comes near this; a larger file is not ours. */
const MAX_BYTES = 1024 * 1024;
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface PrivateFile {
  readonly bytes: Uint8Array;
  /** The permission bits, such as 0o600; `undefined` where the system has none. */
  readonly mode: number | undefined;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Reads a small file of the user's own, never through a symbolic link and never waiting on a pipe.
 *
 * @returns `undefined` when there is nothing at `path`.
 * @throws StorageError when something is there that cannot be read.
 */
export async function readPrivateFile(path: string): Promise<PrivateFile | undefined> {
  let file: FileHandle;
  try {
    // Windows has no O_NOFOLLOW; everywhere else the flag in `open` is what counts.
    if (process.platform === 'win32' && (await lstat(path)).isSymbolicLink()) throw linkError(path);
    file = await open(path, READ_ONLY);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (codeOf(error) === 'ELOOP') throw linkError(path);
    throw explainFileError('read', path, error);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) {
      throw new StorageError(`${path} is not a regular file.`, 'Move it away, then try again.');
    }
    if (stat.size > MAX_BYTES) {
      throw new StorageError(`${path} is larger than 1 MiB.`, 'Move it away, then try again.');
    }
    const bytes = await file.readFile();
    const { uid, gid, mode } = stat;
    return { bytes, mode: process.platform === 'win32' ? undefined : mode & 0o777, uid, gid };
  } catch (error) {
    throw error instanceof StorageError ? error : explainFileError('read', path, error);
  } finally {
    await file.close();
  }
}

/** The new content of a file, on the disk beside it. */
export interface StagedFile {
  /** Puts it in the place of the old one by a rename, which a full disk does not stop. @throws StorageError */
  commit(): Promise<void>;
  /** Removes it. Does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Writes a file's new content to a temporary file beside it (0600) and flushes it to the disk, so that nothing
 * needs space after that.
 *
 * @throws StorageError when it cannot be done; nothing is left beside the file then.
 */
export async function stagePrivateFile(path: string, text: string): Promise<StagedFile> {
  const folder = dirname(path);
  const temporary = join(folder, `${temporaryPrefix(path)}${process.pid}.${randomBytes(6).toString('hex')}`);
  const discard = () => rm(temporary, { force: true }).catch(() => {});
  const orFail = async (work: Promise<void>) => {
    try {
      await work;
    } catch (error) {
      await discard();
      throw error instanceof StorageError ? error : explainFileError('write', path, error);
    }
  };
  await orFail(refuseLink(path).then(() => writeNewFile(temporary, text)));
  return {
    async commit() {
      await orFail(refuseLink(path).then(() => rename(temporary, path)));
      await syncFolder(folder);
    },
    discard,
  };
}

/**
 * Replaces a file as a whole: a temporary file beside it (0600), flushed to the disk, then renamed.
 * Whoever reads sees the old text or the new one; a kill or a full disk leaves the old one.
 *
 * @throws StorageError when it cannot be done; the old file is then as it was.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await (await stagePrivateFile(path, text)).commit();
}

/** Makes a file (0600) that is not there yet, flushed to the disk; leaves none when that fails. */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file
      .writeFile(content, 'utf8')
      .then(() => file.sync())
      .finally(() => file.close());
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

/** Removes a file, and what killed processes left of it beside it; says whether the file was there. */
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

/** Makes the folders from `top` down to `folder`, each 0700 and none of them a symbolic link. */
export async function ensurePrivateFolder(top: string, folder: string): Promise<void> {
  if (folder !== top) await ensurePrivateFolder(top, dirname(folder));
  await makeFolder(folder);
  await requireFolder(folder);
}

/** @throws StorageError when one of the folders from `top` down to `folder` is a symbolic link. */
export async function refuseLinkedFolders(top: string, folder: string): Promise<void> {
  for (const one of foldersBetween(top, folder)) {
    if (!(await statOf(one))?.isSymbolicLink()) continue;
    throw new StorageError(
      `${one} is a symbolic link, and nothing is removed through one.`,
      'Remove the link, or what it leads to, by hand.',
    );
  }
}

/** Closes the folders from `top` down to `folder` to others, as other tools do not; what is another user's is left alone. */
export async function closeFolders(top: string, folder: string): Promise<void> {
  for (const one of foldersBetween(top, folder)) {
    const stat = await statOf(one);
    if (stat === undefined || (stat.mode & 0o077) === 0 || stat.uid !== process.getuid?.()) continue;
    await chmod(one, 0o700).catch(() => {});
  }
}

/**
 * Says whether a file could be written, and the folders from `top` down to it made. Changes nothing.
 *
 * @throws StorageError with the reason.
 */
export async function probePrivateFile(top: string, path: string): Promise<void> {
  for (const folder of foldersBetween(top, dirname(path))) {
    await requireFolder(folder);
    const there = await nearestThere(folder);
    // Asked for rights, the system denies a file those of a folder, whosever it is.
    if ((await statOf(there))?.isFile()) {
      throw new StorageError(
        `Cannot write ${path}: ${there} is not a folder.`,
        'Move it away, then try again.',
      );
    }
    await access(there, constants.W_OK | constants.X_OK).catch((error) => {
      throw explainFileError('write', path, error);
    });
  }
  const stat = await statOf(path);
  if (stat?.isSymbolicLink()) throw linkError(path);
  if (stat?.isDirectory()) throw new StorageError(`${path} is a folder.`, 'Move it away, then try again.');
}

/** Whether a file error says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Whether a name is one that a writer of the file at `path` gives its temporary file. */
export function isLeftover(path: string, name: string): boolean {
  return name.startsWith(temporaryPrefix(path));
}

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.tmp-`;
}

/** Begins the second name that a file has while it is replaced; `keepPrivateFile` gives it. */
export function keptPrefix(path: string): string {
  return `.${basename(path)}.old-`;
}

function linkError(path: string): StorageError {
  return new StorageError(
    `${path} is a symbolic link, and keys and settings are not read or written through one.`,
    'Put the real file in its place.',
  );
}

/** @throws StorageError for a symbolic link. */
export async function refuseLink(path: string): Promise<void> {
  if ((await statOf(path))?.isSymbolicLink()) throw linkError(path);
}

/** Node's own way to make the folders above says "does not exist" of one that cannot be made, whatever the reason. */
async function makeFolder(folder: string, attempts = 2): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || attempts === 1) throw explainFileError('make', folder, error);
    await makeFolder(dirname(folder));
    await makeFolder(folder, attempts - 1);
  }
}

/** @throws StorageError when something is there that is no folder. */
async function requireFolder(path: string): Promise<void> {
  const stat = await statOf(path);
  if (stat?.isSymbolicLink()) throw linkError(path);
  if (stat?.isDirectory() === false)
    throw new StorageError(`${path} is not a folder.`, 'Move it away, then try again.');
}

function foldersBetween(top: string, folder: string): string[] {
  return folder === top ? [top] : [...foldersBetween(top, dirname(folder)), folder];
}

async function nearestThere(folder: string): Promise<string> {
  return (await statOf(folder)) === undefined ? nearestThere(dirname(folder)) : folder;
}

async function statOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error) => {
    if (isMissing(error)) return undefined;
    throw explainFileError('look at', path, error);
  });
}

/** Makes a rename last through a power cut. Not every system can open a folder: there it is left out. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
