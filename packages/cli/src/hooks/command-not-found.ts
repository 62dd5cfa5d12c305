import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/errors';
import { closest } from '../services/closest.js';

/** What the words of commands look like. Anything else that was typed may be a key, and is not repeated. */
const COMMAND_WORD = /^[a-z][a-z-]{0,15}$/;

/** An unknown command is wrong usage; the nearest one is named, and never run in its place. */
export const COMMAND_NOT_FOUND: Hook.CommandNotFound = async ({ config, id, argv }) => {
  const typed = [...id.split(':'), ...(argv ?? [])];
  const end = typed.findIndex((word) => !COMMAND_WORD.test(word));
  const words = end === -1 ? typed : typed.slice(0, end);
  const names = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '));
  if (id.startsWith('-')) throw new UsageError('Flags go behind the command.', 'See: vastai help');
  const known = words
    .map((_, count) => words.slice(0, words.length - count).join(' '))
    .find((name) => names.includes(name));
  if (known !== undefined)
    throw new UsageError(`"${known}" takes no such argument.`, `See: vastai ${known} --help`);
  // The last words may be arguments.
  const nearest = words
    .map((_, count) => closest(words.slice(0, words.length - count).join(' '), names))
    .find((name) => name !== undefined);
  throw new UsageError(
    words.length === 0 ? 'There is no such command.' : `There is no command "${words.join(' ')}".`,
    nearest === undefined ? 'See: vastai help' : `Did you mean: vastai ${nearest}`,
  );
};
