import { closeSync, constants, fchownSync, fstatSync, openSync, statSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shellWord } from '../base/shell-word.js';
import { userName } from './user-name.js';

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Gives what root has just made to the owner of the folder it is in, so that `sudo vastai` in a user's home does not
 * lock that user out. Where the file system or a container forbids it, `leftToRoot` says so afterwards.
 */
export function giveToFolderOwner(fd: number, folder: string): void {
  if (process.geteuid?.() !== 0) return;
  const above = statSync(folder);
  if (above.uid === 0 || fstatSync(fd).uid !== 0) return;
  try {
    fchownSync(fd, above.uid, above.gid);
  } catch {
    // The work goes on, and the file is root's.
  }
}

/** Gives a folder that root has just made to the owner of the one above it. */
export function giveFolderToOwner(folder: string): void {
  if (process.geteuid?.() !== 0) return;
  // Opened without following a link: the owner of the folder above could have put one in its place.
  const fd = openSync(folder, FOLDER);
  try {
    giveToFolderOwner(fd, dirname(folder));
  } finally {
    closeSync(fd);
  }
}

/**
 * Says that root left something in another user's folder, who cannot use it, and the command that helps.
 *
 * @param path what was made; the folders above it may have been made too
 */
export async function leftToRoot(path: string): Promise<string | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const top = await topOfRoots(path);
  if (top === undefined) return undefined;
  const chown = `chown -R ${top.owner} ${shellWord(top.path)}`;
  return `${top.path} belongs to root now, and ${userName(top.owner)} cannot use it. Fix: ${chown}`;
}

/** Finds the topmost of the paths that are root's without a break, below a folder that is somebody else's. */
async function topOfRoots(path: string): Promise<{ path: string; owner: number } | undefined> {
  const made = await lstat(path).catch(() => undefined);
  if (path === dirname(path) || (made !== undefined && made.uid !== 0)) return undefined;
  const above = await lstat(dirname(path)).catch(() => undefined);
  if (made === undefined || above === undefined || above.uid === 0) return topOfRoots(dirname(path));
  return { path, owner: above.uid };
}
