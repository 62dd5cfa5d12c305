import { fstatSync, writeSync } from 'node:fs';
import { guardStreams } from '@vastai-cli/kit/render/lost-output';
import { isStdoutClosed } from '@vastai-cli/kit/render/standard-streams';

/** Tells whether standard output may be a terminal, without opening it as a stream, which takes 3 ms. */
export function mayBeTerminal(): boolean {
  try {
    return process.platform === 'win32' || fstatSync(1).isCharacterDevice();
  } catch {
    return true;
  }
}

/** Prints text, all of it before this returns where that can be; what cannot be written now is left to the stream. */
export function printAtOnce(text: string): void {
  const rest = Buffer.from(text).subarray(writtenOf(text));
  if (rest.length === 0) return;
  guardStreams();
  process.stdout.write(rest);
}

/** Returns how many bytes were written: none where the stream has to find out what is wrong. */
function writtenOf(text: string): number {
  if (mayBeTerminal() || isStdoutClosed()) return 0;
  try {
    return writeSync(1, text);
  } catch {
    return 0;
  }
}
