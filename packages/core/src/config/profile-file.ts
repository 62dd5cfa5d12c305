import { lstatSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { isVastaiError } from '../base/errors.js';
import { isProfileName } from '../base/profile-name.js';
import { shellWord } from '../base/shell-word.js';
import { explainFileError } from '../files/file-error.js';
import { isMissing } from '../files/missing.js';
import { isOpenToOthers, isOwn, isOwnOrRoots } from '../files/ownership.js';
import { readPrivateFile } from '../files/private-file.js';

/** Name of the file with the profile for a folder. It holds only a name: a cloned repository must not bring a key or a URL. */
const NAME = '.vastai-profile';

/**
 * Reads the nearest `.vastai-profile` in a folder or above it. Ignores a file of another user, and a file of root's that is
 * not valid (docs/decisions/0007).
 *
 * @param notify receives a sentence for each file that is ignored
 * @throws StorageError if the user's own file exists but cannot be read.
 */
export async function nearestProfileFile(
  folder: string,
  notify?: (text: string) => void,
): Promise<{ path: string; text: string } | undefined> {
  const path = join(folder, NAME);
  const read = await readProfileFile(path);
  if (typeof read === 'string') return { path, text: read };
  if (read !== undefined) notify?.(`Ignored ${path}: ${read.why}`);
  return dirname(folder) === folder ? undefined : nearestProfileFile(dirname(folder), notify);
}

async function readProfileFile(path: string): Promise<string | { readonly why: string } | undefined> {
  const there = lookAt(path);
  if (there === undefined) return undefined;
  if (!isOwnOrRoots(there)) return { why: `it belongs to another user (uid ${there.uid}).` };
  try {
    // A link in a cloned repository could lead to any file of the user, and an error would show its content.
    const file = await readPrivateFile(path, 'refuse');
    if (file === undefined) return undefined;
    // Another user may have put it there since `lookAt`.
    if (!isOwnOrRoots(file)) return { why: `it belongs to another user (uid ${file.uid}).` };
    if (isOpenToOthers({ ...file, mode: file.mode ?? 0 }))
      return { why: `other users can change it. Fix: chmod go-w ${shellWord(path)}` };
    const text = new TextDecoder().decode(file.bytes).trim();
    return isOwn(file) || isProfileName(text) ? text : { why: 'it does not contain the name of a profile.' };
  } catch (error) {
    if (isOwn(there) || !isVastaiError(error)) throw error;
    return { why: error.message };
  }
}

/** Returns the stats of a file; `undefined` if it does not exist, or its folder may not be searched. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw explainFileError('look at', path, error);
  }
}
