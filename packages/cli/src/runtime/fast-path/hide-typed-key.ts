import { holdsKey } from '@vastai-cli/core/internal/base/key-like';

/**
 * Matches the places of a key on a command line, including likely mistakes, in lower case: to ignore the case of Unicode makes
 * the expression ten times as slow to compile, and every start does.
 */
const BEFORE_KEY = /^(?:set(?:$|:)|--?api.?key)/u;

/**
 * Hides a typed key from `ps`, which shows arguments to every user of the machine while the key is checked. Removes
 * everything but the name of the program, because a key can have any form. Does nothing on Windows, where the title
 * belongs to the terminal and other users do not see arguments.
 */
export function hideTypedKey(words: readonly string[], { VAST_API_KEY = '' }: NodeJS.ProcessEnv): void {
  if (process.platform === 'win32') return;
  if (words.some((word) => BEFORE_KEY.test(word.toLowerCase()) || holdsKey(word, [VAST_API_KEY])))
    process.title = 'vastai';
}
