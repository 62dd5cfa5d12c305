import { spawn } from 'node:child_process';
import { environmentWithoutKeys, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { mayBeTerminal } from './standard-streams.js';

/** Tell `less` and `lv` to show colours, and to end at once if the text fits, unless the user sets these variables. */
const DEFAULTS = { LESS: 'FRX', LV: '-c' };
/** The exit statuses of a shell that could not start a program. */
const NOT_STARTED = [126, 127];

/**
 * Returns the command that shows a text page by page: that of VASTAI_PAGER or PAGER, if the text is longer than the terminal of
 * standard output. Undefined without a terminal, and if neither variable is set, as with `gh`; `cat` turns it off.
 */
export function pagerFor(text: string): string | undefined {
  if (!mayBeTerminal() || !process.stdout.isTTY) return undefined;
  const { VASTAI_PAGER, PAGER, TERM } = readEnvironment(process.env);
  const command = (VASTAI_PAGER ?? PAGER)?.trim();
  const { rows } = process.stdout;
  const isLong = rows > 0 && text.split('\n').length > rows;
  return isLong && TERM !== 'dumb' && command !== 'cat' ? command : undefined;
}

/**
 * Shows text with a pager, and waits until the user ends it. The pager gets no key.
 *
 * @returns false if the pager could not be started, so that the text was not shown
 */
export async function page(text: string, command: string): Promise<boolean> {
  const env = { ...DEFAULTS, ...environmentWithoutKeys() };
  // The user's shell reads the command, as for git and man: it can have arguments.
  const pager = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env });
  const ended = new Promise<number | null>((resolve) => {
    pager.on('error', () => resolve(NOT_STARTED[0] ?? null));
    pager.on('close', resolve);
  });
  // A pager that ends early does not read the rest.
  pager.stdin.on('error', () => {});
  pager.stdin.end(text);
  const status = await ended;
  return status === null || !NOT_STARTED.includes(status);
}
