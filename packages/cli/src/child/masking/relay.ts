import { write } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamMask } from './stream-mask.js';

/** Time until another attempt to write to a full stream that does not block. */
const FULL_MS = 5;

/**
 * Copies a stream to a file descriptor, masked, only as fast as that takes it. If nobody reads there any more, closes the
 * source, so that the program that writes to it notices, as it would without us.
 *
 * @param makeMask called for the first bytes: most streams have none
 * @returns the error of a failed write, unless the reader stopped
 */
export async function relay(
  from: Readable,
  to: number,
  makeMask: () => StreamMask,
): Promise<Error | undefined> {
  let mask: StreamMask | undefined;
  try {
    for await (const chunk of from) {
      mask ??= makeMask();
      await writeAll(to, mask.push(chunk as Buffer));
    }
    if (mask !== undefined) await writeAll(to, mask.end());
    return undefined;
  } catch (error) {
    from.destroy();
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EPIPE' || code === 'ECONNRESET' ? undefined : (error as Error);
  }
}

/** Writes without opening the descriptor as a stream, which would make it non-blocking for everybody who shares it. */
async function writeAll(fd: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const written = await writeSome(fd, bytes, at);
    if (written === 0) await sleep(FULL_MS);
    at += written;
  }
}

function writeSome(fd: number, bytes: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.length - at, null, (error, written) => {
      if (error === null) return resolve(written);
      return error.code === 'EAGAIN' ? resolve(0) : reject(error);
    });
  });
}
