import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/internal/base/errors';

/**
 * Reports a command that oclif does not find. The CLI has already found it by then, but oclif takes a word after a
 * command without arguments for part of its name. That word may be a key, and is not repeated.
 */
export const COMMAND_NOT_FOUND: Hook.CommandNotFound = async ({ config, id }) => {
  const words = id.split(':');
  const known = words
    .map((_, count) => words.slice(0, words.length - count))
    .find((name) => config.findCommand(name.join(':')) !== undefined)
    ?.join(' ');
  if (known === undefined) throw new UsageError('Unknown command.', 'See: vastai help');
  throw new UsageError(`Unexpected argument after "${known}".`, `See: vastai ${known} --help`);
};
