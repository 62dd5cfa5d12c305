import { fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readStream } from '@vastai-cli/core/internal/files/bounded-read';
import type { Terminal } from '../render/terminal.js';

/** After so long without a word, a person wonders whether the command hangs. */
const NOTICE_MS = 1000;

/** How far standard input is read. */
export interface ReadLimits {
  /** In bytes; one more is read, which shows that there were more. */
  readonly most: number;
  /** Is given everything that has arrived, each time that more does, and may end the reading earlier. */
  readonly isEnough?: (bytes: Buffer) => boolean;
  /** Is called once if standard input is not complete after a second. */
  readonly onWait?: () => void;
}

/**
 * Reads standard input up to a limit, and lets go of it then: whoever writes may go on without end.
 *
 * @throws UsageError when it cannot be read; the reason of the interruption as soon as there is one.
 */
export async function readStandardInput(
  { interruption }: Pick<Terminal, 'interruption'>,
  { most, isEnough, onWait }: ReadLimits,
): Promise<Buffer> {
  if (isFolder()) throw new UsageError('Standard input is a folder, not a file or a pipe.');
  const notice = onWait && setTimeout(onWait, NOTICE_MS);
  try {
    if (interruption !== undefined) addAbortSignal(interruption, process.stdin);
    return await readStream(process.stdin as AsyncIterable<Buffer>, most, isEnough);
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
