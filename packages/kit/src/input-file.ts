import { open } from 'node:fs/promises';
import { explainFileError } from '@vastai-cli/core/config/file-error';
import { UsageError } from '@vastai-cli/core/errors';

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
    const file = await open(path, 'r');
    try {
      return { name: path, bytes: await atMost(file.createReadStream({ autoClose: false })) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(
      missing ? `There is no file ${path}` : explainFileError('read', path, error).message,
    );
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
