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
  if (yes) return;
  const isUsedUp = terminal.canAsk && process.stdin.readableEnded;
  if (terminal.canAsk && !isUsedUp) return;
  const obstacle = isUsedUp ? 'because standard input has ended' : terminal.obstacle;
  throw new UsageError(
    `${what}, and vastai cannot ask for it ${obstacle}. Nothing was changed.`,
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
  const asked = { message: withTilde(sanitize(question)), default: false };
  if (await answerOf((place) => ask(asked, place), terminal)) return;
  throw new UsageError('Not confirmed. Nothing was changed.');
}

/** Asks for a secret on the terminal without showing what is typed. */
export async function askHidden(message: string, terminal: Terminal): Promise<string> {
  uncoloured(terminal);
  const { default: ask } = await import('@inquirer/password');
  return answerOf((place) => ask({ message }, place), terminal);
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
  return answerOf((place) => ask({ message, choices: cleaned, loop: false }, place), terminal);
}

/** Where a prompt is shown, and what ends it. */
interface Place {
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/**
 * Returns the answer to a prompt. At the end of the input, as after Ctrl-D, a prompt waits without keeping the process alive,
 * which would then end as if all were well.
 *
 * @throws UsageError at the end of the input
 */
async function answerOf<T>(ask: (place: Place) => Promise<T>, { interruption }: Terminal): Promise<T> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(interruption?.reason);
  let isOver = false;
  // A prompt reads no more once it is answered, too. It says so before this.
  const end = () =>
    setImmediate(() => {
      isOver = true;
      stop.abort();
    });
  if (interruption?.aborted) interrupt();
  interruption?.addEventListener('abort', interrupt);
  process.stdin.once('pause', end);
  try {
    return await ask({ output: process.stderr, signal: stop.signal });
  } catch (error) {
    throw isOver ? new UsageError('The input ended before an answer. Nothing was changed.') : error;
  } finally {
    process.stdin.off('pause', end);
    interruption?.removeEventListener('abort', interrupt);
  }
}

/** Passes `--no-color` on to the prompts, which read only the environment, and only when they are loaded. */
function uncoloured({ stderr }: Terminal): void {
  if (stderr === UNSTYLED) process.env.NO_COLOR = '1';
}
