import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { isOwn } from '@vastai-cli/core/internal/files/ownership';
import {
  mayBeRecording,
  type RecordedCall,
  recordingLine,
} from '@vastai-cli/permissions/authoring/recording';

/** Longest recording, in bytes. */
const LARGEST = 100 * 1024 * 1024;
const PRIVATE = 0o600;

/** A file to which calls are written as they happen. */
export interface Recording {
  /** Appends a call as one whole line. @throws Error if it cannot be written, or the file is full. */
  readonly write: (call: RecordedCall) => void;
  readonly close: () => void;
}

/**
 * Opens a recording: JSON lines, readable by their owner only. A recording that is there already is continued.
 *
 * @throws UsageError if it cannot be opened, or something else is there: another user's file, a link, a pipe, other text.
 */
export function openRecording(path: string): Recording {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK, PRIVATE);
  } catch (error) {
    // A link, which must not be followed, is reported as a loop.
    const isLink = (error as NodeJS.ErrnoException).code === 'ELOOP';
    throw isLink ? notOwn() : new UsageError(explainFileError('write', path, error).message, ANOTHER);
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || !isOwn(found) || found.nlink > 1) throw notOwn();
    if (!mayBeRecording(firstCharacters(fd)))
      throw new UsageError('The file for the recording contains something else.', ANOTHER);
    if (process.platform !== 'win32' && (found.mode & 0o777) !== PRIVATE) fchmodSync(fd, PRIVATE);
    // A line that a full disk cut off must not take the next one with it.
    let torn = found.size > 0 && lastByte(fd, found.size) !== LINE_FEED;
    let size = found.size;
    let isOpen = true;
    const write = (call: RecordedCall) => {
      if (!isOpen) throw new Error('The recording is closed.');
      const line = Buffer.from(`${torn ? '\n' : ''}${recordingLine(call)}`);
      if (size + line.byteLength > LARGEST) throw new Error('The recording is full.');
      torn = true;
      for (let from = 0; from < line.byteLength; ) from += writeSync(fd, line, from);
      torn = false;
      size = fstatSync(fd).size;
    };
    const close = () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    };
    return { write, close };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const ANOTHER = 'Name another file, or one that does not exist.';
const notOwn = () => new UsageError('The recording is not your own file.', ANOTHER);
const LINE_FEED = 0x0a;

function firstCharacters(fd: number): string {
  const bytes = Buffer.alloc(20);
  return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
}

function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, size - 1);
  return byte[0];
}
