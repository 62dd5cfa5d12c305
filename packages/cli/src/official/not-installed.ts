import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { profileFlag, targetOf, urlFlag } from '@vastai-cli/kit/render/advice-target';
import { commandWords, theirCommand, theirCommandsBelow, theirNearest } from './their-commands.js';

const NOT_INSTALLED = 'is not installed, or not on PATH.';
const INSTALL = 'Install it: pip install vastai';

/** Says how to do with this CLI what these commands of the official one do with it. */
const WITH_THIS_CLI: Readonly<Record<string, string>> = {
  update: 'To update this CLI: npm install -g vastai-cli@latest',
  uninstall: 'To remove this CLI: npm uninstall -g vastai-cli',
};

/**
 * Returns the error for words that the official CLI would get if it were installed.
 *
 * @param others advice about programs that may be it
 */
export function notInstalled(words: readonly string[], others: readonly string[]): UsageError {
  const typed = commandWords(words);
  const nearest = theirCommand(typed) === undefined ? theirNearest(typed) : undefined;
  if (nearest !== undefined)
    return new UsageError(
      `Unknown command "${typed.join(' ')}".`,
      [`Did you mean: ${typedTheirs(nearest)}`, ...MISSING, ...others].join('\n'),
    );
  const below = theirCommandsBelow(typed[0] ?? '');
  const command = theirCommand(typed) ?? (below.length > 0 ? typed[0] : undefined);
  const what =
    command === undefined
      ? 'The official CLI'
      : `"vastai ${command}" is a command of the official CLI, which`;
  const theirs =
    theirCommand(typed) === undefined && below.length > 0 ? [`Its commands: ${below.join(', ')}.`] : [];
  const ours = WITH_THIS_CLI[command ?? ''] ?? [];
  return new UsageError(`${what} ${NOT_INSTALLED}`, [...theirs, INSTALL, ...others].concat(ours).join('\n'));
}

/** Says that a suggested command needs the official CLI, and how to install it. */
export const MISSING: readonly string[] = [
  `It is a command of the official CLI, which ${NOT_INSTALLED}`,
  INSTALL,
];

/** Returns how to type a command of the official CLI with the profile and the API of this run: in front of it. */
export function typedTheirs(command: string): string {
  const target = targetOf(process.argv.slice(2));
  return `vastai${profileFlag(target)}${urlFlag(target)} ${command}`;
}
