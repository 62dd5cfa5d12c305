import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { unexpected, unknownFlags } from '@vastai-cli/kit/command/parse-failure';

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
 * Refuses words before `--` that are no flags of `exec`. Without `--`, it could not be told whose the flags behind are.
 *
 * @throws UsageError if there are any.
 */
export function refuseWords(words: readonly string[], known: readonly { readonly name: string }[]): void {
  const flags = words.filter((word) => word.startsWith('-'));
  if (flags.length > 0) throw unknownFlags(flags, known, 'Flags of the program follow --.');
  if (words.length > 0)
    throw new UsageError(unexpected(words), 'Put -- before the program: vastai exec -- COMMAND');
}

/** Returns the user's shell. */
export function shellOf({ SHELL, COMSPEC }: Environment): string {
  return process.platform === 'win32' ? (COMSPEC ?? 'cmd.exe') : (SHELL ?? '/bin/sh');
}
