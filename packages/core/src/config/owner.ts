import { constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shellWord } from '../shell-word.js';
import { userName } from './user-name.js';

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Gives what root has just made to the owner of the folder it is in, so that `sudo vastai` in a user's home does not
 * lock that user out. Where the file system or a container forbids it, `leftToRoot` says so afterwards.
 */
export async function giveToFolderOwner(file: FileHandle, folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const [made, above] = await Promise.all([file.stat(), stat(folder)]);
  if (made.uid !== 0 || above.uid === 0) return;
  await file.chown(above.uid, above.gid).catch(() => {});
}

/** Gives a folder that root has just made to the owner of the one above it. */
export async function giveFolderToOwner(folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  // Opened without following a link: the owner of the folder above could have put one in its place.
  const made = await open(folder, FOLDER).catch(() => undefined);
  try {
    if (made !== undefined) await giveToFolderOwner(made, dirname(folder));
  } finally {
    await made?.close();
  }
}

/** Says which of these paths belong to root in another user's folder, who cannot use them, and the command that helps. */
export async function leftToRoot(paths: readonly string[]): Promise<string | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const left: string[] = [];
  let owner = 0;
  for (const path of paths) {
    const [made, above] = await Promise.all(
      [path, dirname(path)].map((one) => lstat(one).catch(() => undefined)),
    );
    if (made?.uid !== 0 || above === undefined || above.uid === 0) continue;
    left.push(path);
    owner = above.uid;
  }
  if (left.length === 0) return undefined;
  const chown = `chown ${owner} ${left.map(shellWord).join(' ')}`;
  return `${left.join(' and ')} ${left.length === 1 ? 'belongs' : 'belong'} to root now, and ${userName(owner)} cannot use ${left.length === 1 ? 'it' : 'them'}. Fix: ${chown}`;
}
