import { ApiKey, describeKeyFault } from '@vastai-cli/core/credentials/api-key';
import { UsageError } from '@vastai-cli/core/errors';
import type { Output } from '@vastai-cli/kit/output';
import { askHidden } from '@vastai-cli/kit/prompts';
import type { Terminal } from '@vastai-cli/kit/terminal';

/** No key is near this long; more on standard input is some other file. */
const MAX_BYTES = 64 * 1024;

/**
 * The key to save: the argument, standard input (`-`, or when it is no terminal), or a hidden prompt.
 *
 * @throws UsageError when it cannot be a key; the message does not repeat it.
 */
export async function readNewKey(argument: string | undefined, terminal: Terminal): Promise<ApiKey> {
  if (argument !== undefined && argument !== '-') return asKey(argument, 'given as an argument');
  if (argument === '-' || !process.stdin.isTTY) return asKey(await readStandardInput(), 'on standard input');
  if (!terminal.canAsk) {
    throw new UsageError(
      'There is no key, and no terminal to ask for one on.',
      'Give it on standard input, or as an argument.',
    );
  }
  return asKey(await askHidden('API key:', terminal), 'that was typed');
}

function asKey(text: string, where: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key !== 'string') return key;
  throw new UsageError(
    describeKeyFault(`The key ${where}`, key),
    'Give one key, alone on one line. Nothing was changed.',
  );
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES)
      throw new UsageError('Standard input is too long to be a key.', 'Give the key alone.');
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new UsageError('Standard input is not UTF-8 text.', 'Give the key alone, as plain text.');
  }
}

/** A key on a command line stays in the shell's history: said once, to the person who typed it. */
export function warnOfHistory(argument: string | undefined, terminal: Terminal, output: Output): void {
  if (argument === undefined || argument === '-' || !terminal.canAsk) return;
  output.note('Your shell may remember this key. The same command without it asks for it instead.');
}
