import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { KEYS_PAGE } from '@vastai-cli/core/internal/base/keys-page';
import { parsePastedKey } from '@vastai-cli/core/internal/secrets/pasted-key';
import { askHidden } from '@vastai-cli/kit/input/prompts';
import { readStandardInput } from '@vastai-cli/kit/input/standard-input';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';

/** No key is near this long; more on standard input is some other file. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads the key to save: from the argument, from standard input (`-`, or when it is no terminal), or from a hidden prompt,
 * before which a person reads where keys are made. One who types `-` gets it too, so that the key is not shown.
 *
 * @throws UsageError when it cannot be a key; the message does not repeat it.
 */
export async function readNewKey(
  argument: string | undefined,
  terminal: Terminal,
  output: Output,
): Promise<ApiKey> {
  if (argument !== undefined && argument !== '-') return asKey(argument, 'given as an argument');
  if (terminal.canAsk) {
    output.note(`Keys are made at ${KEYS_PAGE}`);
    return asKey(await askHidden('API key:', terminal), 'that was typed');
  }
  if (argument === undefined && process.stdin.isTTY) {
    throw new UsageError(
      'There is no key, and no terminal to ask for one on.',
      'Give it on standard input, or as an argument.',
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
 * Reads the first line that is not blank. What arrived together with it belongs to the text, so that a file of several
 * lines is refused; what comes later is not waited for.
 */
async function readLine(terminal: Terminal, output: Output): Promise<string> {
  const onWait = () => {
    output.note('Reading the key from standard input, up to the end of the line. Ctrl-C ends it.');
  };
  const bytes = await readStandardInput(terminal, { most: MAX_BYTES, isEnough: hasWholeLine, onWait });
  if (bytes.length > MAX_BYTES)
    throw new UsageError('Standard input is too long to be a key.', 'Give the key alone.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError('Standard input is not UTF-8 text.', 'Give the key alone, as plain text.');
  }
}

function hasWholeLine(bytes: Buffer): boolean {
  return /[\r\n]/u.test(bytes.toString('latin1').trimStart());
}

/** A key on a command line stays in the shell's history: said once, to the person who typed it. */
export function warnOfHistory(argument: string | undefined, terminal: Terminal, output: Output): void {
  if (argument === undefined || argument === '-' || !terminal.canAsk) return;
  output.note('Your shell may remember this key. The same command without it asks for it instead.');
}
