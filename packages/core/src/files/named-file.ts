import { constants, fstatSync, readSync } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BoundedBytes } from './bounded-read.js';
import { requireTrustedTarget } from './links.js';

/** Longest silence of a pipe or a terminal. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 10;
const PART_BYTES = 64 * 1024;
/** Flags to open a file without blocking. A blocked open or read would keep Ctrl-C from ending the process. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** Matches paths of files that are already open. At their end, no writer can come later. */
const OPEN_ALREADY = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/)/u;

/**
 * Reads a file that a person named, up to `maxBytes` and one more byte to show that it is longer. Follows links, and waits
 * for a pipe until it is silent for 5 seconds.
 *
 * @throws what `partsOfNamedFile` throws.
 */
export async function readNamedFile(path: string, maxBytes: number): Promise<Buffer> {
  const read = new BoundedBytes(maxBytes);
  for await (const part of partsOfNamedFile(path)) {
    if (!read.add(part)) break;
  }
  return read.bytes();
}

/**
 * Reads a file that a person named part by part, for files that are too large for the memory. Follows links, and waits for
 * a pipe until it is silent for 5 seconds.
 *
 * @throws a system error; an error with the code `ESILENT` if a pipe stays silent; StorageError for a link that another user
 *   could change.
 */
export async function* partsOfNamedFile(path: string): AsyncGenerator<Buffer, void, undefined> {
  if (!OPEN_ALREADY.test(path)) await requireTrustedLinks(resolve(path));
  const file = await open(path, READ_ONLY);
  try {
    const waits = fstatSync(file.fd).isFIFO() && !OPEN_ALREADY.test(path);
    yield* partsOf(file, waits);
  } finally {
    await file.close();
  }
}

async function requireTrustedLinks(path: string): Promise<void> {
  const target = await realpath(path);
  if (target !== path && (await stat(target)).isFile()) await requireTrustedTarget(path);
}

/** @param waits true for a pipe, whose end before any data means that no writer has opened it yet */
async function* partsOf(file: FileHandle, waits: boolean): AsyncGenerator<Buffer, void, undefined> {
  let silentSince = performance.now();
  let isEmpty = true;
  for (;;) {
    const room = Buffer.allocUnsafe(PART_BYTES);
    const count = readNow(file, room);
    if (count === 0 && !(waits && isEmpty)) return;
    if (count !== undefined && count > 0) {
      isEmpty = false;
      yield room.subarray(0, count);
      silentSince = performance.now();
    } else if (performance.now() - silentSince > PATIENCE_MS) {
      throw Object.assign(new Error('timed out'), { code: 'ESILENT' });
    } else await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  }
}

/** Reads the bytes that are available; returns `undefined` if there are none yet. */
function readNow({ fd }: FileHandle, into: Buffer): number | undefined {
  try {
    return readSync(fd, into);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
