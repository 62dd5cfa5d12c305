import { holdsKey } from '@vastai-cli/core/internal/base/key-like';

/** Where a key stands on a command line as it should, or nearly so. */
const BEFORE_KEY = /^(?:set(?:$|:)|--?api.?key)/iu;

/**
 * Takes a typed key out of what `ps` shows to every user of the machine, since the check of a key may last as long as
 * the time limit. Everything goes but the program's name: a key can have any form. On Windows a title would be the
 * terminal's, and other users do not see arguments.
 */
export function hideTypedKey(words: readonly string[], { VAST_API_KEY = '' }: NodeJS.ProcessEnv): void {
  if (process.platform === 'win32') return;
  if (words.some((word) => BEFORE_KEY.test(word) || holdsKey(word, [VAST_API_KEY]))) process.title = 'vastai';
}
