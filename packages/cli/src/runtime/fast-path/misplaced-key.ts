import { holdsKey } from '@vastai-cli/core/internal/base/key-like';
import type { Typed } from './read-words.js';
import type { SortedWords } from './sort-words.js';

/**
 * Finds a key that was typed where something else belongs, such as a profile or the name of a plugin: the command would
 * repeat it, keep it as a name, or send it to a registry.
 *
 * @param ownKey the key of the environment, which may have a form of its own
 */
export function misplacedKey({ id, rest }: SortedWords, ownKey: string | undefined): Typed | undefined {
  const known = [ownKey, ...rest.map(({ flag, value }) => (flag === '--api-key' ? value : undefined))];
  const keys = known.filter((key) => key !== undefined);
  return rest.find(({ flag, value }) => {
    const isItsPlace = flag === '--api-key' || (id === 'set:api-key' && flag === undefined);
    return value !== undefined && !isItsPlace && holdsKey(value, keys);
  });
}
