import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { readNamedFile } from '@vastai-cli/core/internal/files/named-file';

const MAX_BYTES = 10 * 1024 * 1024;

/** A file that was named as an argument, and the name that messages use for it. */
export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a file that a person named; `-` is standard input. One byte more than 10 MiB is read of a larger one,
 * so that whoever checks the content can say that it is too large.
 *
 * @throws UsageError when it is missing or cannot be read.
 */
export async function readInputFile(path: string): Promise<InputFile> {
  if (path === '-') return { name: '<stdin>', bytes: await atMost(process.stdin as AsyncIterable<Buffer>) };
  try {
    const isFile = statSync(path).isFile();
    return { name: path, bytes: isFile ? readFileAtOnce(path) : await readNamedFile(path, MAX_BYTES) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(
      missing ? `There is no file ${path}` : explainFileError('read', path, error).message,
    );
  }
}

/** What waits for a file takes 8 ms to load; only a pipe is worth that. */
function readFileAtOnce(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const read: Buffer[] = [];
    for (let length = 0; length <= MAX_BYTES; ) {
      const part = Buffer.allocUnsafe(64 * 1024);
      const count = readSync(file, part);
      if (count === 0) break;
      read.push(part.subarray(0, count));
      length += count;
    }
    return Buffer.concat(read).subarray(0, MAX_BYTES + 1);
  } finally {
    closeSync(file);
  }
}

async function atMost(chunks: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) break;
  }
  return Buffer.concat(read).subarray(0, MAX_BYTES + 1);
}
