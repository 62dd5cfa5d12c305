import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { KEYS_PAGE } from '@vastai-cli/core/internal/base/keys-page';
import { parsePastedKey } from '@vastai-cli/core/internal/secrets/pasted-key';
import { askHidden } from '@vastai-cli/kit/input/prompts';
import { readStandardInput } from '@vastai-cli/kit/input/standard-input';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';

/** The most bytes to read from standard input. No key is that long. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads the key to save: from the argument, from standard input (`-`, or if it is not a terminal), or from a hidden
 * prompt. `-` on a terminal prompts too, so that the key is not shown.
 *
 * @throws UsageError if it cannot be a key. The message does not repeat it.
 */
export async function readNewKey(
  argument: string | undefined,
  terminal: Terminal,
  output: Output,
): Promise<ApiKey> {
  if (argument !== undefined && argument !== '-') return asKey(argument, 'given as an argument');
  if (terminal.canAsk) {
    output.note(`Create a key at ${KEYS_PAGE}`);
    return asKey(await askHidden('API key:', terminal), 'that was typed');
  }
  if (argument === undefined && process.stdin.isTTY) {
    throw new UsageError(
      'No key was given, and vastai cannot ask for one without a terminal.',
      'Pass it on standard input, or as an argument.',
    );
  }
  return asKey(await readLine(terminal, output), 'on standard input');
}

function asKey(text: string, where: string): ApiKey {
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

/** Tells a person at a terminal that the shell history may keep a key that was typed as an argument. */
export function warnOfHistory(argument: string | undefined, terminal: Terminal, output: Output): void {
  if (argument === undefined || argument === '-' || !terminal.canAsk) return;
  output.note('Your shell history may keep this key. Without it, the same command asks for the key.');
}
