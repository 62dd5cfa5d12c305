import { holdsKey } from '@vastai-cli/core/internal/base/key-like';
import type { Typed } from './read-words.js';
import type { SortedWords } from './sort-words.js';

/**
 * Finds a key that was typed in place of something else, such as a profile or a plugin. The command would print it, save
 * it as a name, or send it to a registry.
 * What follows `--` in `exec` and `official` is for another program, which may take values that look like a key.
 *
 * @param ownKey the key in the environment, which may not look like a key
 */
export function misplacedKey({ id, rest }: SortedWords, ownKey: string | undefined): Typed | undefined {
  const known = [ownKey, ...rest.map(({ flag, value }) => (flag === '--api-key' ? value : undefined))];
  const keys = known.filter((key) => key !== undefined);
  return rest.find(({ kind, flag, value }) => {
    const isItsPlace =
      flag === '--api-key' ||
      (id === 'set:api-key' && flag === undefined) ||
      // It refuses any argument, and says what to do with a key that was found.
      (id === 'revoke:api-key' && flag === undefined) ||
      ((id === 'exec' || id === 'official') && kind === 'behind');
    return value !== undefined && !isItsPlace && holdsKey(value, keys);
  });
}
