import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { parsePastedKey } from '@vastai-cli/core/internal/secrets/pasted-key';
import type { Output } from '../render/output.js';
import type { Terminal } from '../render/terminal.js';
import { askHidden } from './prompts.js';
import { readStandardInput } from './standard-input.js';

/** The most bytes to read from standard input. No key is that long. */
const MAX_BYTES = 64 * 1024;

/** Describes how to get a key from a person or a pipe. */
export interface KeyInput {
  /** The question of the hidden prompt. */
  readonly question: string;
  /** A note above the question. */
  readonly note?: string;
  /** True if `-` was given: standard input is then read even if it is a terminal on which nothing can be asked. */
  readonly isDash: boolean;
  /** Advises what to do if vastai cannot ask and nothing is piped. */
  readonly otherwise: string;
}

/**
 * Reads a key: at a hidden prompt on a terminal, otherwise from standard input.
 *
 * @throws UsageError if it cannot be a key. The message does not repeat it.
 */
export async function readKey(
  { question, note, isDash, otherwise }: KeyInput,
  terminal: Terminal,
  output: Output,
): Promise<ApiKey> {
  if (terminal.canAsk) {
    if (note !== undefined) output.note(note);
    return keyIn(await askHidden(question, terminal), 'that was typed');
  }
  if (!isDash && process.stdin.isTTY) {
    throw new UsageError(`No key was given, and vastai cannot ask for one ${terminal.obstacle}.`, otherwise);
  }
  return keyIn(await readLine(terminal, output), 'on standard input');
}

/** Parses a key. @throws UsageError if it cannot be one. The message says where it came from, and does not repeat it. */
export function keyIn(text: string, where: string): ApiKey {
  const key = parsePastedKey(text);
  if (!('what' in key)) return key;
  throw new UsageError(`The key ${where} ${key.what}.`, `${key.remedy} Nothing was changed.`);
}

/**
 * Reads up to the end of the first line that is not blank. Keeps whatever arrived with that line, so that a file with
 * several lines is rejected, but does not wait for more.
 */
async function readLine(terminal: Terminal, output: Output): Promise<string> {
  const onWait = () => {
    output.note('Reading the key from standard input, up to the end of the line. Press Ctrl-C to stop.');
  };
  const bytes = await readStandardInput(terminal, { most: MAX_BYTES, isEnough: hasWholeLine, onWait });
  if (bytes.length > MAX_BYTES)
    throw new UsageError('Standard input is too long to be a key.', 'Pass the key alone.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError('Standard input is not UTF-8 text.', 'Pass the key alone, as plain text.');
  }
}

function hasWholeLine(bytes: Buffer): boolean {
  return /[\r\n]/u.test(bytes.toString('latin1').trimStart());
}
