import { fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Terminal } from '../render/terminal.js';

/** After so long without a word, a person wonders whether the command hangs. */
const NOTICE_MS = 1000;

/**
 * Reads standard input as far as `isEnough` says, and lets go of it then: whoever writes may go on without end.
 *
 * @param isEnough is given everything that has arrived, each time that more does.
 * @param onWait is called once if standard input is not complete after a second.
 * @throws UsageError when it cannot be read; the reason of the interruption as soon as there is one.
 */
export async function readStandardInput(
  { interruption }: Pick<Terminal, 'interruption'>,
  isEnough: (bytes: Buffer) => boolean,
  onWait: () => void,
): Promise<Buffer> {
  if (isFolder()) throw new UsageError('Standard input is a folder, not a file or a pipe.');
  const notice = setTimeout(onWait, NOTICE_MS);
  let bytes = Buffer.alloc(0);
  try {
    if (interruption !== undefined) addAbortSignal(interruption, process.stdin);
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      bytes = Buffer.concat([bytes, chunk]);
      if (isEnough(bytes)) break;
    }
    return bytes;
  } catch (error) {
    interruption?.throwIfAborted();
    throw new UsageError(`Standard input cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  } finally {
    clearTimeout(notice);
  }
}

/** Node takes a folder for an input without content. */
function isFolder(): boolean {
  try {
    return fstatSync(0).isDirectory();
  } catch {
    return false;
  }
}
