import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/internal/base/errors';

/**
 * Which command was typed is known before oclif is asked. It still takes a word behind a command without arguments for
 * a part of the command's name; that word may be a key, and is not repeated.
 */
export const COMMAND_NOT_FOUND: Hook.CommandNotFound = async ({ config, id }) => {
  const words = id.split(':');
  const known = words
    .map((_, count) => words.slice(0, words.length - count))
    .find((name) => config.findCommand(name.join(':')) !== undefined)
    ?.join(' ');
  if (known === undefined) throw new UsageError('There is no such command.', 'See: vastai help');
  throw new UsageError(`"${known}" takes no such argument.`, `See: vastai ${known} --help`);
};
