import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import {
  access,
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '../base/errors.js';
import { explainFileError } from './file-error.js';
import { flush } from './flush.js';
import { isLink, linkError, refuseLink, requireNoBrokenLinkAbove, requireTrustedTarget } from './links.js';
import { giveFolderToOwner, giveToFolderOwner } from './owner.js';

/** Nothing that is kept here comes near this; a larger file is not ours. */
const MAX_BYTES = 1024 * 1024;
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface PrivateFile {
  readonly bytes: Uint8Array;
  /** The permission bits, such as 0o600; `undefined` where the system has none. */
  readonly mode: number | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Where the symbolic link at the path leads, if it is one. */
  readonly target?: string;
}

/**
 * Reads a small file of the user's own, never waiting on a pipe. It follows a symbolic link to what is the user's or
 * root's, as dotfiles managers and Kubernetes make them.
 *
 * @param links `refuse` where a link may come from somebody else, as in a cloned repository.
 * @returns `undefined` when there is nothing at `path`.
 * @throws StorageError when something is there that cannot be read.
 */
export async function readPrivateFile(
  path: string,
  links: 'follow' | 'refuse' = 'follow',
): Promise<PrivateFile | undefined> {
  const opened = await openPrivateFile(path, links);
  if (opened === undefined) return undefined;
  const { file, target } = opened;
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
    const known = process.platform === 'win32' ? undefined : mode & 0o777;
    return { bytes, mode: known, uid, gid, ...(target === undefined ? {} : { target }) };
  } catch (error) {
    throw error instanceof StorageError ? error : explainFileError('read', path, error);
  } finally {
    await file.close();
  }
}

async function openPrivateFile(
  path: string,
  links: 'follow' | 'refuse',
): Promise<{ file: FileHandle; target?: string } | undefined> {
  try {
    // Windows has no O_NOFOLLOW; everywhere else the flag in `open` is what counts.
    if (process.platform === 'win32' && (await isLink(path))) return await openThroughLink(path, links);
    const file = await open(path, READ_ONLY);
    if (links === 'follow') await requireTrustedFolder(path).catch(closing(file));
    return { file };
  } catch (error) {
    if (isMissing(error)) {
      await requireNoBrokenLinkAbove(path);
      return undefined;
    }
    if (codeOf(error) === 'ELOOP') return openThroughLink(path, links);
    throw error instanceof StorageError ? error : explainFileError('read', path, error);
  }
}

async function openThroughLink(path: string, links: 'follow' | 'refuse') {
  if (links === 'refuse') throw await linkError(path, 'it is not read through one');
  const target = await requireTrustedTarget(path);
  try {
    return { file: await open(target, READ_ONLY), target };
  } catch (error) {
    throw explainFileError('read', target, error);
  }
}

/** A linked folder leads elsewhere just as a linked file does. */
async function requireTrustedFolder(path: string): Promise<void> {
  const folder = dirname(path);
  if ((await realpath(folder)) !== folder) await requireTrustedTarget(path);
}

function closing(file: FileHandle) {
  return async (error: unknown): Promise<never> => {
    await file.close();
    throw error;
  };
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
    giveToFolderOwner(file.fd, dirname(path));
    await file.writeFile(content, 'utf8');
    await flush(file);
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
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
  await requireNoBrokenLinkAbove(top);
  for (const folder of foldersBetween(top, dirname(path))) {
    await requireFolder(folder);
    const nearest = await nearestThere(folder);
    if (nearest !== folder) await requireFolderAbove(nearest, path);
    await access(nearest, constants.W_OK | constants.X_OK).catch((error) => {
      throw explainFileError('write', path, error);
    });
  }
  const stat = await statOf(path);
  if (stat?.isSymbolicLink()) throw await linkError(path);
  if (stat?.isDirectory()) throw new StorageError(`${path} is a folder.`, 'Move it away, then try again.');
}

/** Whether a file error says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Tells whether a name is one that the file at `path` has while it is replaced, and that a kill leaves. */
export function isLeftover(path: string, name: string): boolean {
  return [temporaryPrefix(path), keptPrefix(path)].some((prefix) => name.startsWith(prefix));
}

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.tmp-`;
}

/** Begins the second name that a file has while it is replaced; `keepPrivateFile` gives it. */
export function keptPrefix(path: string): string {
  return `.${basename(path)}.old-`;
}

/** Node's own way to make the folders above says "does not exist" of one that cannot be made, whatever the reason. */
async function makeFolder(folder: string, attempts = 2): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    giveFolderToOwner(folder);
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
  if (stat?.isSymbolicLink()) throw await linkError(path);
  if (stat?.isDirectory() === false)
    throw new StorageError(`${path} is not a folder.`, 'Move it away, then try again.');
}

/** A file where a folder should be is named, also above the folders that are vastai's; links lead on there. */
async function requireFolderAbove(above: string, path: string): Promise<void> {
  if ((await stat(above).catch(() => undefined))?.isDirectory() !== false) return;
  throw explainFileError('write', path, Object.assign(new Error(), { code: 'ENOTDIR' }));
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
