import { pipeline, type Readable } from 'node:stream';
import { partsUpTo, startingWith } from '../files/bounded-read.js';
import { UnreadableBody } from './transport.js';

const PART_BYTES = 64 * 1024;

/** Holds the status for the errors of a body, and the most bytes that there may be, before and after decompression. */
interface Limits {
  readonly status: number;
  readonly longest: number;
}

/**
 * Decompresses a body as it arrives, and holds no more of it than a part.
 *
 * @param encoding its `Content-Encoding`
 * @throws UnreadableBody while it is read; the error of the stream if that fails
 */
export function unpackedBody(
  stream: Readable,
  encoding: string | undefined,
  limits: Limits,
): AsyncIterable<Uint8Array> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name !== 'identity' && name !== '') return unpacked(stream, name, limits);
  // A large response takes noticeably longer with each generator that it passes through.
  return Number.isFinite(limits.longest) ? limited(stream, limits) : stream;
}

async function* unpacked(stream: Readable, name: string, limits: Limits) {
  const packed = limited(stream, limits);
  // A response without a body can name an encoding all the same.
  const { value: first } = await packed.next();
  if (first === undefined) return;
  const unpack = await unpackerFor(name);
  if (unpack === undefined) throw new UnreadableBody('damaged', limits.status);
  try {
    yield* limited(
      pipeline(startingWith(first, packed), unpack, () => {}),
      limits,
    );
  } catch (error) {
    throw isDamage(error) ? new UnreadableBody('damaged', limits.status) : error;
  }
}

function limited(parts: AsyncIterable<Uint8Array>, { status, longest }: Limits) {
  return partsUpTo(parts, longest, () => new UnreadableBody('too long', status));
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
