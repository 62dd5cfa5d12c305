import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { closest } from '@vastai-cli/kit/closest';

/** Says that a profile does not exist, with the name that was probably meant. */
export function unknownProfile(
  name: string,
  known: readonly string[],
  command: 'use' | 'remove',
): UsageError {
  const similar = closest(name, known);
  const meant = similar === undefined ? '' : `Did you mean: vastai profile ${command} ${similar}\n`;
  const otherwise =
    command === 'use'
      ? `Make it with: vastai set api-key --profile ${name}`
      : 'List them with: vastai profile list';
  return new UsageError(`There is no profile "${name}".`, `${meant}${otherwise}`);
}
