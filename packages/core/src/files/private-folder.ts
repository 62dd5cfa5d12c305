import { constants, type Stats } from 'node:fs';
import { access, chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../base/errors.js';
import { explainFileError } from './file-error.js';
import { linkError, requireNoBrokenLinkAbove } from './links.js';
import { isMissing } from './missing.js';
import { giveFolderToOwner } from './owner.js';

/** Makes the folders from `top` down to `folder`, each with mode 0700. @throws StorageError if one is a symbolic link. */
export async function ensurePrivateFolder(top: string, folder: string): Promise<void> {
  if (folder !== top) await ensurePrivateFolder(top, dirname(folder));
  await makeFolder(folder);
  await requireFolder(folder);
}

/** Throws if one of the folders from `top` down to `folder` is a symbolic link. @throws StorageError */
export async function refuseLinkedFolders(top: string, folder: string): Promise<void> {
  for (const one of foldersBetween(top, folder)) {
    if (!(await statOf(one))?.isSymbolicLink()) continue;
    throw new StorageError(
      `${one} is a symbolic link, and vastai removes nothing through a link.`,
      'Remove the link or its target yourself.',
    );
  }
}

/** Sets the user's own folders from `top` down to `folder` to 0700, since other tools make them readable for others. */
export async function closeFolders(top: string, folder: string): Promise<void> {
  for (const one of foldersBetween(top, folder)) {
    const stat = await statOf(one);
    if (stat === undefined || (stat.mode & 0o077) === 0 || stat.uid !== process.getuid?.()) continue;
    await chmod(one, 0o700).catch(() => {});
  }
}

/**
 * Checks that a file could be written, and the folders from `top` down to it made. Changes nothing.
 *
 * @throws StorageError if the file could not be written.
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

/** Makes a folder and those above. The `recursive` of Node reports the wrong reason, ENOENT, for one that cannot be made. */
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

/** Throws if a path exists but is not a folder. @throws StorageError */
async function requireFolder(path: string): Promise<void> {
  const stat = await statOf(path);
  if (stat?.isSymbolicLink()) throw await linkError(path);
  if (stat?.isDirectory() === false)
    throw new StorageError(`${path} is not a folder.`, 'Move it away, then try again.');
}

/** Throws if a path above vastai's folders is not a folder; links are allowed there. @throws StorageError that names it */
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
