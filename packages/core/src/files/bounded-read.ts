import { readSync } from 'node:fs';

const CHUNK_BYTES = 64 * 1024;

/**
 * Bytes as they come, up to a limit: `most` of them, and one more that shows that there were more. Who reads takes a
 * source that goes on without end for what it is, and holds no more of it than that.
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

  /** Adds what has come. Returns false once there are more than `most`: then there is no use in reading on. */
  add(part: Uint8Array): boolean {
    const taken = part.subarray(0, this.#most + 1 - this.#length);
    if (taken.length > 0) this.#parts.push(taken);
    this.#length += taken.length;
    return this.#length <= this.#most;
  }

  /** Returns room for the next part. */
  room(): Buffer {
    return Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.#most + 1 - this.#length));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/**
 * Reads a stream to its end, or to one byte beyond `most`, and lets go of it then.
 *
 * @param isEnough is given everything that has arrived, each time that more does, and may end it earlier
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

/** Reads an open regular file to its end, or to one byte beyond `most`; no other kind of file, which could wait. */
export function readOpenFile(fd: number, most: number): Buffer {
  const read = new BoundedBytes(most);
  for (;;) {
    const room = read.room();
    const count = readSync(fd, room);
    if (count === 0 || !read.add(room.subarray(0, count))) return read.bytes();
  }
}
