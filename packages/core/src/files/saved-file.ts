import { lstatSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { isVastaiError, UsageError, VastaiError } from '../base/errors.js';
import { stageFile } from './atomic-write.js';
import { explainFileError } from './file-error.js';
import { giveToFolderOwner } from './owner.js';

/**
 * Creates or replaces a file that a person named with what arrives, readable by its owner alone. The old file stays until all
 * of the new one is there, and if anything fails.
 *
 * @throws UsageError if nothing can be written there; the content is then not read. VastaiError `internal`, as for standard
 *   output, if writing fails later; what reading the content throws
 */
export async function savePrivately(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = resolve(path);
  let isRead = false;
  async function* noticed(): AsyncGenerator<Uint8Array, void, undefined> {
    isRead = true;
    yield* content;
  }
  try {
    requireReplaceable(path, file);
    const staged = await stageFile(file, noticed(), {
      mode: 0o600,
      prepare: ({ fd }) => giveToFolderOwner(fd, dirname(file)),
    });
    await staged.commit();
  } catch (error) {
    // Anything else comes from what is read.
    if (isVastaiError(error) || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    // Its hints are about keys.
    const { message } = explainFileError('write', path, error);
    if (!isRead) throw new UsageError(message, 'Choose another file.');
    const hint = 'Choose another file, or free some space.';
    throw new VastaiError('internal', message, { hint, cause: error });
  }
}

/** @throws UsageError if it is not a regular file: a rename would replace a device such as `/dev/null`. */
function requireReplaceable(path: string, file: string): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isSymbolicLink()) throw new UsageError(`${path} is a symbolic link.`, 'Name the file itself.');
  if (there?.isDirectory() || path.endsWith('/') || path.endsWith(sep))
    throw new UsageError(`${path} is a folder.`, 'Name a file in it.');
  if (there !== undefined && !there.isFile())
    throw new UsageError(`${path} is not a regular file.`, 'Name another file, or use > to write there.');
}
