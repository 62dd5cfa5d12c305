import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFileError } from '../files/file-error.js';
import { isLeftover } from '../files/leftovers.js';
import { isMissing } from '../files/missing.js';
import { removePrivateFile } from '../files/private-file.js';
import { refuseLinkedFolders } from '../files/private-folder.js';
import type { Paths } from './paths.js';

/** Returns the paths of the files that vastai makes in the folder of a profile. */
function ownFiles(paths: Paths, profile: string): string[] {
  // The key file of `default` is in the folder above.
  return [...(profile === 'default' ? [] : [paths.keyFile(profile)]), paths.sessionFile(profile)];
}

/** Returns true if the folder of a profile holds a file that vastai made, or a temporary file left by a kill. */
export async function holdsOwnFiles(paths: Paths, profile: string): Promise<boolean> {
  const folder = paths.profileFolder(profile);
  const names = await readdir(folder).catch(() => []);
  const own = ownFiles(paths, profile);
  return names.some((name) => own.some((path) => path === join(folder, name) || isLeftover(path, name)));
}

/** Throws if the folder of a profile, or one above it, is a symbolic link, whose target is not vastai's. @throws StorageError */
export async function refuseLinkedProfileFolder(paths: Paths, profile: string): Promise<void> {
  await refuseLinkedFolders(paths.configFolder, paths.profileFolder(profile));
}

/**
 * Removes the files that vastai made in the folder of a profile, then the folder if it is empty. Call it under the lock.
 *
 * @returns the paths of what is still in the folder.
 * @throws StorageError if a file that vastai made cannot be removed.
 */
export async function removeProfileFolder(paths: Paths, profile: string): Promise<string[]> {
  const folder = paths.profileFolder(profile);
  await refuseLinkedProfileFolder(paths, profile);
  for (const path of ownFiles(paths, profile)) await removePrivateFile(path);
  try {
    await rmdir(folder);
    return [];
  } catch (error) {
    if (isMissing(error)) return [];
    const names = await readdir(folder).catch(() => []);
    if (names.length === 0) throw explainFileError('remove', folder, error);
    return names.sort().map((name) => join(folder, name));
  }
}
