import { readSync } from 'node:fs';

const CHUNK_BYTES = 64 * 1024;

/**
 * Collects bytes up to a limit: `most` bytes, and one more to show that the source is longer. An endless source therefore
 * never fills the memory.
 */
export class BoundedBytes {
  readonly #most: number;
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds bytes. Returns false once there are more than `most`, so that the caller can stop reading. */
  add(part: Uint8Array): boolean {
    const taken = part.subarray(0, this.#most + 1 - this.#length);
    if (taken.length > 0) this.#parts.push(taken);
    this.#length += taken.length;
    return this.#length <= this.#most;
  }

  /** Returns a buffer for the next bytes. */
  room(): Buffer {
    return Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.#most + 1 - this.#length));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/**
 * Reads a stream to its end, or to one byte beyond `most`, then closes it.
 *
 * @param isEnough receives all bytes so far each time that more arrive, and returns true to stop early
 */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  most: number,
  isEnough?: (bytes: Buffer) => boolean,
): Promise<Buffer> {
  const read = new BoundedBytes(most);
  for await (const part of stream) {
    if (!read.add(part) || isEnough?.(read.bytes())) break;
  }
  return read.bytes();
}

/**
 * Passes parts on as they come, up to a limit, without keeping them.
 *
 * @param tooLong makes the error to throw once there are more than `most` bytes
 */
export async function* partsUpTo(
  parts: AsyncIterable<Uint8Array>,
  most: number,
  tooLong: () => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = most;
  for await (const part of parts) {
    left -= part.length;
    if (left < 0) throw tooLong();
    yield part;
  }
}

/** Puts a part that was already read back in front of the rest. */
export async function* startingWith(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** Reads an open regular file to its end, or to one byte beyond `most`. Any other kind of file could block. */
export function readOpenFile(fd: number, most: number): Buffer {
  const read = new BoundedBytes(most);
  for (;;) {
    const room = read.room();
    const count = readSync(fd, room);
    if (count === 0 || !read.add(room.subarray(0, count))) return read.bytes();
  }
}
