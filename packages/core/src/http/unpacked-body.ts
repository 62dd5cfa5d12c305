import { pipeline, type Readable } from 'node:stream';
import { partsUpTo } from '../files/bounded-read.js';
import { UnreadableBody } from './transport.js';

const PART_BYTES = 64 * 1024;

/**
 * Decompresses a body as it arrives, and holds no more of it than a part.
 *
 * @param encoding its `Content-Encoding`
 * @param limits the status for errors, and the most bytes there may be, before and after decompression
 * @throws UnreadableBody while it is read; the error of the stream if that fails
 */
export async function* unpackedBody(
  stream: Readable,
  encoding: string | undefined,
  { status, longest }: { readonly status: number; readonly longest: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const upTo = (parts: AsyncIterable<Uint8Array>) =>
    partsUpTo(parts, longest, () => new UnreadableBody('too long', status));
  const packed = upTo(stream as AsyncIterable<Buffer>);
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return yield* packed;
  // A response without a body can name an encoding all the same.
  const { value: first } = await packed.next();
  if (first === undefined) return;
  const unpack = await unpackerFor(name);
  if (unpack === undefined) throw new UnreadableBody('damaged', status);
  const unpacked = pipeline(startingWith(first, packed), unpack, () => {});
  try {
    yield* upTo(unpacked as AsyncIterable<Buffer>);
  } catch (error) {
    throw isDamage(error) ? new UnreadableBody('damaged', status) : error;
  }
}

async function* startingWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>) {
  yield first;
  yield* rest;
}

async function unpackerFor(name: string) {
  const zlib = await import('node:zlib');
  const options = { chunkSize: PART_BYTES };
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(options);
    case 'deflate':
      return zlib.createInflate(options);
    case 'br':
      return zlib.createBrotliDecompress(options);
    default:
      return undefined;
  }
}

/** Returns true for an error of zlib or Brotli. */
function isDamage(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return /^(?:Z_|ERR_(?:_?ERROR_|BROTLI_|PADDING))/u.test(code);
}
