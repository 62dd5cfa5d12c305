import { constants, type Stats } from 'node:fs';
import { access, chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../base/errors.js';
import { explainFileError } from './file-error.js';
import { linkError, requireNoBrokenLinkAbove } from './links.js';
import { isMissing } from './missing.js';
import { giveFolderToOwner } from './owner.js';

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

/** Node's own way to make the folders above says "does not exist" of one that cannot be made, whatever the reason. */
async function makeFolder(folder: string, attempts = 2): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    giveFolderToOwner(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || attempts === 1) throw explainFileError('make', folder, error);
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
