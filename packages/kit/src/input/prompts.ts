import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { withTilde } from '../render/home-path.js';
import { steady } from '../render/human.js';
import type { Terminal } from '../render/terminal.js';

/** @throws UsageError when a question would have to be asked and nobody is there to answer; nothing is done then. */
export function requireAnswerable(yes: boolean, terminal: Terminal): void {
  if (yes || terminal.canAsk) return;
  throw new UsageError(
    'This has to be confirmed, and there is no terminal to ask on; nothing was done.',
    'Add --yes to do it without being asked.',
  );
}

/**
 * Asks before something is destroyed; `yes` (from `--yes`) answers the question.
 *
 * @throws UsageError when there is nobody to ask, or the answer is no.
 */
export async function confirm(question: string, yes: boolean, terminal: Terminal): Promise<void> {
  requireAnswerable(yes, terminal);
  if (yes) return;
  uncoloured(terminal);
  const { default: ask } = await import('@inquirer/confirm');
  if (await ask({ message: withTilde(steady(question)), default: false }, placeOf(terminal))) return;
  throw new UsageError('Not confirmed; nothing was done.');
}

/** Asks for a secret on the terminal; what is typed is not shown. */
export async function askHidden(message: string, terminal: Terminal): Promise<string> {
  uncoloured(terminal);
  const { default: ask } = await import('@inquirer/password');
  return ask({ message }, placeOf(terminal));
}

function placeOf({ interruption }: Terminal) {
  return { output: process.stderr, ...(interruption === undefined ? {} : { signal: interruption }) };
}

/** The prompts look at the environment alone, when they are loaded; `--no-color` says the same. */
function uncoloured({ stderr }: Terminal): void {
  if (stderr.level === 0) process.env.NO_COLOR = '1';
}
