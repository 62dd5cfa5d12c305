import { closeSync, openSync, statSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readOpenFile } from '@vastai-cli/core/internal/files/bounded-read';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { readNamedFile } from '@vastai-cli/core/internal/files/named-file';

const MAX_BYTES = 10 * 1024 * 1024;

/** Holds the content of a file argument, and the name that messages use for it. */
export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a file argument; `-` means standard input. Reads at most 10 MiB and one byte, so that a check of the content can
 * report that the file is too large.
 *
 * @throws UsageError if the file is missing or cannot be read.
 */
export async function readInputFile(path: string): Promise<InputFile> {
  if (path === '') throw new UsageError('The name of a file is empty.');
  if (path === '-') {
    const { readStandardInput } = await import('./standard-input.js');
    return { name: '<stdin>', bytes: await readStandardInput({}, { most: MAX_BYTES }) };
  }
  try {
    const isFile = statSync(path).isFile();
    return { name: path, bytes: isFile ? readFileAtOnce(path) : await readNamedFile(path, MAX_BYTES) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? `${path}: no such file` : explainFileError('read', path, error).message);
  }
}

/** Reads a regular file synchronously. The code that waits for a pipe takes 8 ms to load. */
function readFileAtOnce(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    return readOpenFile(file, MAX_BYTES);
  } finally {
    closeSync(file);
  }
}
