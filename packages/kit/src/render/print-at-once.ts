import { writeSync } from 'node:fs';
import { isUnopened } from './lost-output.js';
import { mayBeTerminal } from './standard-streams.js';

/**
 * Prints text on standard output: into a file or pipe without opening a stream, which most runs then never need. What
 * cannot be written that way, for whatever reason, is left to the stream. Requires `guardStreams`.
 */
export function printAtOnce(text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const rest = bytes.subarray(writtenOf(bytes));
  if (rest.length > 0) process.stdout.write(rest);
}

/** Returns how many bytes were written: none where the stream has to find out what is wrong. */
function writtenOf(bytes: Uint8Array): number {
  if (!isUnopened('stdout') || mayBeTerminal()) return 0;
  try {
    return writeSync(1, bytes);
  } catch {
    return 0;
  }
}
