import { lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isVastaiError, StorageError } from '../base/errors.js';
import { stageFile } from './atomic-write.js';
import { explainFileError } from './file-error.js';
import { giveToFolderOwner } from './owner.js';

/**
 * Creates or replaces a file that a person named with what arrives, readable by its owner alone. The old file stays until all
 * of the new one is there, and if anything fails.
 *
 * @throws StorageError if the file cannot be written, or is not a regular file: a rename would replace a device such as
 *   `/dev/null`; what reading the content throws
 */
export async function savePrivately(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = resolve(path);
  try {
    const there = lstatSync(file, { throwIfNoEntry: false });
    if (there?.isSymbolicLink())
      throw new StorageError(`${path} is a symbolic link.`, 'Name the file itself.');
    if (there?.isDirectory()) throw new StorageError(`${path} is a folder.`, 'Name a file in it.');
    if (there !== undefined && !there.isFile())
      throw new StorageError(`${path} is not a regular file.`, 'Name another file, or use > to write there.');
    const staged = await stageFile(file, content, {
      mode: 0o600,
      prepare: ({ fd }) => giveToFolderOwner(fd, dirname(file)),
    });
    await staged.commit();
  } catch (error) {
    // Anything else comes from what is read.
    if (isVastaiError(error) || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    // Its hints are about keys.
    const { message } = explainFileError('write', path, error);
    throw new StorageError(message, 'Choose another file, or free some space.', error);
  }
}
