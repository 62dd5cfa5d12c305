import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { unexpected } from '@vastai-cli/kit/command/parse-failure';

/** The arguments of `exec`: those of its own, and the program to run, if one is given. */
export interface ExecArguments {
  readonly own: string[];
  readonly program: readonly [string, ...string[]] | undefined;
}

/** Splits the arguments of `exec` at the first `--`. Everything after it belongs to the program. */
export function splitArguments(argv: readonly string[]): ExecArguments {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const [file, ...args] = argv.slice(end + 1);
  return { own: argv.slice(0, end), program: file === undefined ? undefined : [file, ...args] };
}

/**
 * Refuses words before `--` that are no flags of the command: without `--`, nobody could tell whose the flags behind are.
 *
 * @param hint how to write it instead
 * @throws UsageError if there are any.
 */
export function refuseWords(words: readonly string[], hint: string): void {
  if (words.length > 0) throw new UsageError(unexpected(words), hint);
}

/** Returns the user's shell, which runs if no program is given. */
export function shellOf({ SHELL, COMSPEC }: Environment): string {
  return process.platform === 'win32' ? (COMSPEC ?? 'cmd.exe') : (SHELL ?? '/bin/sh');
}
