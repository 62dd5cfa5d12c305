import { closeSync, constants, fstatSync, openSync, type PathLike } from 'node:fs';
import { readOpenFile } from '@vastai-cli/core/internal/files/bounded-read';
import { MAX_BYTES, type SkipReason } from '../keys/collected.js';

/** Does not wait for the writer of a pipe, and does not follow a link that was put in place of a file. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** Returns the content of a regular file, or the reason why it is left out; undefined if it was removed meanwhile. */
export function readRegularFile(
  path: PathLike,
  { followLink = false } = {},
): Uint8Array | SkipReason | undefined {
  let file: number;
  try {
    file = openSync(path, followLink ? FLAGS : FLAGS | NO_LINK);
  } catch (error) {
    return reasonFor(error);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'special';
    if (stat.size > MAX_BYTES) return 'too_large';
    const bytes = readOpenFile(file, MAX_BYTES);
    // Files of /proc do not tell their size.
    return bytes.length > MAX_BYTES ? 'too_large' : bytes;
  } catch (error) {
    return reasonFor(error);
  } finally {
    closeSync(file);
  }
}

function reasonFor(error: unknown): SkipReason | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return undefined;
  if (code === 'ELOOP' || code === 'EMLINK') return 'link';
  return code === 'ENXIO' ? 'special' : 'unreadable';
}
