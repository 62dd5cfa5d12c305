import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { unexpected } from '@vastai-cli/kit/command/parse-failure';
import { commandForOtherWords } from '../other-words.js';

/**
 * Reports a command that oclif does not find. The CLI has already found it by then, but oclif takes a word after a
 * command without arguments for part of its name. The message repeats that word only if it cannot be a key.
 */
export const COMMAND_NOT_FOUND: Hook.CommandNotFound = async ({ config, id }) => {
  const words = id.split(':');
  const known = words
    .map((_, count) => words.slice(0, words.length - count))
    .find((name) => config.findCommand(name.join(':')) !== undefined);
  const other = commandForOtherWords(words);
  if (other !== undefined)
    throw new UsageError(`Unknown command "${other.typed}".`, `Did you mean: ${other.command}`);
  if (known === undefined) throw new UsageError('Unknown command.', 'See: vastai help');
  throw new UsageError(unexpected(words.slice(known.length)), `See: vastai ${known.join(' ')} --help`);
};
