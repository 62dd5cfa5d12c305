import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { withTilde } from '../render/home-path.js';
import { sanitize } from '../render/human.js';
import { UNSTYLED } from '../render/styles.js';
import type { Terminal } from '../render/terminal.js';

/**
 * Checks that a question can be answered, before any work is done.
 *
 * @param yes true if `--yes` answers it
 * @param what the first half of the sentence, which says what needs confirmation
 * @throws UsageError if not, and nobody can be asked.
 */
export function requireAnswerable(yes: boolean, terminal: Terminal, what = 'This needs confirmation'): void {
  if (yes || terminal.canAsk) return;
  throw new UsageError(
    `${what}, and vastai cannot ask for it ${terminal.obstacle}. Nothing was changed.`,
    'To skip the confirmation, add --yes.',
  );
}

/**
 * Asks for confirmation before something is destroyed.
 *
 * @param yes true if `--yes` answers the question
 * @throws UsageError if the answer is no, or nobody can be asked.
 */
export async function confirm(question: string, yes: boolean, terminal: Terminal): Promise<void> {
  requireAnswerable(yes, terminal);
  if (yes) return;
  uncoloured(terminal);
  const { default: ask } = await import('@inquirer/confirm');
  if (await ask({ message: withTilde(sanitize(question)), default: false }, placeOf(terminal))) return;
  throw new UsageError('Not confirmed. Nothing was changed.');
}

/** Asks for a secret on the terminal without showing what is typed. */
export async function askHidden(message: string, terminal: Terminal): Promise<string> {
  uncoloured(terminal);
  const { default: ask } = await import('@inquirer/password');
  return ask({ message }, placeOf(terminal));
}

/** One answer to a question. */
export interface Choice<T> {
  readonly name: string;
  readonly value: T;
}

/** Asks which of several answers a person wants, the first of which is marked. Names are cleaned for the terminal. */
export async function askChoice<T>(
  message: string,
  choices: readonly Choice<T>[],
  terminal: Terminal,
): Promise<T> {
  uncoloured(terminal);
  const { default: ask } = await import('@inquirer/select');
  const cleaned = choices.map(({ name, value }) => ({ name: sanitize(name).replaceAll('\n', ' '), value }));
  return ask({ message, choices: cleaned, loop: false }, placeOf(terminal));
}

function placeOf({ interruption }: Terminal) {
  return { output: process.stderr, ...(interruption === undefined ? {} : { signal: interruption }) };
}

/** Passes `--no-color` on to the prompts, which read only the environment, and only when they are loaded. */
function uncoloured({ stderr }: Terminal): void {
  if (stderr === UNSTYLED) process.env.NO_COLOR = '1';
}
