import { closeSync, constants, fchownSync, fstatSync, openSync, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shellWord } from '../base/shell-word.js';
import { userName } from './user-name.js';

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Changes the owner of a file that root made to the owner of its folder, so that `sudo vastai` does not lock a user out of
 * their own files. If the file system or a container forbids that, `leftToRoot` reports it.
 */
export function giveToFolderOwner(fd: number, folder: string): void {
  if (process.geteuid?.() !== 0) return;
  const above = statSync(folder);
  if (above.uid === 0 || fstatSync(fd).uid !== 0) return;
  try {
    fchownSync(fd, above.uid, above.gid);
  } catch {
    // The file stays root's.
  }
}

/** Changes the owner of a folder that root made to the owner of the folder above it. */
export function giveFolderToOwner(folder: string): void {
  if (process.geteuid?.() !== 0) return;
  // Does not follow a link, which the owner of the folder above could have put in its place.
  const fd = openSync(folder, FOLDER);
  try {
    giveToFolderOwner(fd, dirname(folder));
  } finally {
    closeSync(fd);
  }
}

/**
 * Returns a sentence about files that root left in another user's folder, who cannot use them, with the command that fixes
 * it.
 *
 * @param path the file that was made, perhaps with the folders above it
 */
export async function leftToRoot(path: string): Promise<string | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const top = await topOfRoots(path);
  if (top === undefined) return undefined;
  const chown = `chown -R ${top.owner} ${shellWord(top.path)}`;
  return `${top.path} now belongs to root, and ${userName(top.owner)} cannot use it. Fix: ${chown}`;
}

/** Finds the topmost path above `path` that is root's, in a folder of another user. */
async function topOfRoots(path: string): Promise<{ path: string; owner: number } | undefined> {
  const made = await lstat(path).catch(() => undefined);
  if (path === dirname(path) || (made !== undefined && made.uid !== 0)) return undefined;
  const above = await lstat(dirname(path)).catch(() => undefined);
  if (made === undefined || above === undefined || above.uid === 0) return topOfRoots(dirname(path));
  return { path, owner: above.uid };
}
