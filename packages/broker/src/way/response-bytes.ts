import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readStream } from '@vastai-cli/core/internal/files/bounded-read';

/** Longest response that is passed on, before and after decompression. */
const LARGEST_RESPONSE = 10 * 1024 * 1024;

/** Longest response that is read to its end before any of it is passed on. */
const LARGEST_HELD = 128 * 1024;

/** The body of a response. */
export interface ResponseBytes {
  /** All of it, or at least its first 128 KiB. */
  readonly first: Buffer;
  /** The rest of a long one. It fails if the response is cut, damaged or too long. Destroy it if it is not read. */
  readonly rest: Readable | undefined;
}

/**
 * Reads a response to its end, or its beginning if it is long.
 *
 * @param isWhole true to read it to its end, however long it is
 * @throws Error if it is cut, damaged or too long
 */
export async function readResponse(response: IncomingMessage, isWhole: boolean): Promise<ResponseBytes> {
  const body = unpacked(response);
  const parts = body.iterator({ destroyOnReturn: false });
  const isLong = (bytes: Buffer) => bytes.length > LARGEST_HELD;
  try {
    const first = await readStream(parts, LARGEST_RESPONSE, isWhole ? undefined : isLong);
    if (first.length > LARGEST_RESPONSE) throw unusable();
    if (isWhole || !isLong(first)) return { first, rest: undefined };
    return { first, rest: pipeline(body, limit(LARGEST_RESPONSE - first.length), () => {}) };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** Returns true if `readResponse` failed because a response is damaged or too long, and not because it was cut. */
export function isUnusable(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === UNUSABLE || code.startsWith('Z_');
}

const UNUSABLE = 'UNUSABLE_RESPONSE';

function unusable(): Error {
  return Object.assign(new Error('The response is too long.'), { code: UNUSABLE });
}

/** @throws Error if the response is known to be too long, or packed in a way that was not asked for */
function unpacked(response: IncomingMessage): Readable {
  const { 'content-encoding': encoding = '', 'content-length': length = 0 } = response.headers;
  if (/^(?:x-)?gzip$/iu.test(encoding)) return pipeline(response, limit(), createGunzip(), () => {});
  // Known at once, so that the caller gets an error instead of a beginning.
  if (Number(length) <= LARGEST_RESPONSE && /^(?:identity)?$/iu.test(encoding)) return response;
  response.destroy();
  throw unusable();
}

/** Passes bytes through, and fails if there are more than the limit. */
function limit(most = LARGEST_RESPONSE): Transform {
  let left = most;
  return new Transform({
    transform(part: Buffer, _, done) {
      left -= part.length;
      if (left < 0) done(unusable());
      else done(null, part);
    },
  });
}
