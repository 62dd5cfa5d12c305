import { closeSync, createReadStream, openSync, statSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readOpenFile } from '@vastai-cli/core/internal/files/bounded-read';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { partsOfNamedFile, readNamedFile } from '@vastai-cli/core/internal/files/named-file';

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
  requireName(path);
  if (path === '-') {
    const { readStandardInput } = await import('./standard-input.js');
    return { name: '<stdin>', bytes: await readStandardInput({}, { most: MAX_BYTES }) };
  }
  try {
    const isFile = statSync(path).isFile();
    return { name: path, bytes: isFile ? readFileAtOnce(path) : await readNamedFile(path, MAX_BYTES) };
  } catch (error) {
    throw notRead(path, error);
  }
}

/**
 * Reads a file argument part by part, for a file that is too large for the memory; `-` means standard input.
 *
 * @throws UsageError if the file is missing or cannot be read.
 */
export async function* partsOfInputFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  requireName(path);
  if (path === '-') {
    const { partsOfStandardInput } = await import('./standard-input.js');
    yield* partsOfStandardInput();
    return;
  }
  try {
    yield* statSync(path).isFile() ? createReadStream(path) : partsOfNamedFile(path);
  } catch (error) {
    throw notRead(path, error);
  }
}

function requireName(path: string): void {
  if (path === '') throw new UsageError('The file name is empty.');
}

function notRead(path: string, error: unknown): UsageError {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new UsageError(missing ? `${path}: no such file` : explainFileError('read', path, error).message);
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
