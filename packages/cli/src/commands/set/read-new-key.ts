import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { KEYS_PAGE } from '@vastai-cli/core/internal/base/keys-page';
import { keyIn, readKey } from '@vastai-cli/kit/input/key-input';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';

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
  if (argument !== undefined && argument !== '-') return keyIn(argument, 'given as an argument');
  const input = {
    question: 'API key:',
    note: `Create a key at ${KEYS_PAGE}`,
    isDash: argument === '-',
    otherwise: 'Pass it on standard input, or as an argument.',
  };
  return readKey(input, terminal, output);
}

/** Tells a person at a terminal that the shell history may keep a key that was typed as an argument. */
export function warnOfHistory(argument: string | undefined, terminal: Terminal, output: Output): void {
  if (argument === undefined || argument === '-' || !terminal.canAsk) return;
  output.note('Your shell history may keep this key. Without it, the same command asks for the key.');
}
