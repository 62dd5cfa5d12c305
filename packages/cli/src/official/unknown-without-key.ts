import { isVastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { typedTheirs } from './not-installed.js';
import { commandWords, theirCommand, theirNearest } from './their-commands.js';

/** The codes of errors that say that there is no key to send: none was found, or it cannot be read. */
const WITHOUT_KEY = ['no_key', 'storage'];

/**
 * Explains a missing key for words that no CLI is known to have: they are most likely a typing error, and only the official
 * CLI, which needs a key, could tell.
 *
 * @param error what the search for a key threw
 * @returns the error to report
 */
export function unknownWithoutKey(error: unknown, words: readonly string[]): unknown {
  const typed = commandWords(words);
  if (!isVastaiError(error) || !WITHOUT_KEY.includes(error.code)) return error;
  if (typed.length === 0 || theirCommand(typed) !== undefined) return error;
  const nearest = theirNearest(typed);
  return withDetails(error, {
    message: `Unknown command "${typed.join(' ')}". The official CLI may know it, but vastai starts it only with a key. ${error.message}`,
    ...(nearest === undefined ? {} : { hint: `Did you mean: ${typedTheirs(nearest)}` }),
  });
}
