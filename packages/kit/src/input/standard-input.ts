import { fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readStream } from '@vastai-cli/core/internal/files/bounded-read';
import type { Terminal } from '../render/terminal.js';

/** The wait after which a person may think that the command hangs. */
const NOTICE_MS = 1000;

/** Holds the limits for reading standard input. */
export interface ReadLimits {
  /** The most bytes to accept. One more is read, so that the caller can tell that the input is longer. */
  readonly most: number;
  /** Called with all input so far, each time more arrives. Returns true to stop reading. */
  readonly isEnough?: (bytes: Buffer) => boolean;
  /** Called once if standard input has not ended after a second. */
  readonly onWait?: () => void;
}

/**
 * Reads standard input up to a limit, then stops, even if the writer never does.
 *
 * @throws UsageError if it cannot be read, or another argument has read it; the reason of `interruption` as soon as that is aborted.
 */
export async function readStandardInput(
  { interruption }: Pick<Terminal, 'interruption'>,
  { most, isEnough, onWait }: ReadLimits,
): Promise<Buffer> {
  requireUnread();
  const notice = onWait && setTimeout(onWait, NOTICE_MS);
  try {
    if (interruption !== undefined) addAbortSignal(interruption, process.stdin);
    return await readStream(process.stdin as AsyncIterable<Buffer>, most, isEnough);
  } catch (error) {
    interruption?.throwIfAborted();
    throw unreadable(error);
  } finally {
    clearTimeout(notice);
  }
}

/**
 * Reads standard input part by part, for input that is too large for the memory.
 *
 * @throws UsageError if it cannot be read, or another argument has read it.
 */
export async function* partsOfStandardInput(): AsyncGenerator<Uint8Array, void, undefined> {
  requireUnread();
  try {
    yield* process.stdin as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(error);
  }
}

function requireUnread(): void {
  if (isFolder()) throw new UsageError('Standard input is a folder, not a file or a pipe.');
  if (process.stdin.readableDidRead) {
    throw new UsageError('Standard input can be used for only one argument.');
  }
}

function unreadable(error: unknown): UsageError {
  return new UsageError(`Cannot read standard input (${(error as NodeJS.ErrnoException).code}).`);
}

/** Returns true if standard input is a folder, which Node would read as empty. */
function isFolder(): boolean {
  try {
    return fstatSync(0).isDirectory();
  } catch {
    return false;
  }
}
