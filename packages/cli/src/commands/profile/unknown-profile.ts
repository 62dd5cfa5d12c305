import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { closest } from '@vastai-cli/kit/closest';

/** Returns the error for a profile that does not exist. Suggests a similar name. */
export function unknownProfile(
  name: string,
  known: readonly string[],
  command: 'use' | 'remove',
): UsageError {
  const similar = closest(name, known);
  const meant = similar === undefined ? '' : `Did you mean: vastai profile ${command} ${similar}\n`;
  const otherwise =
    command === 'use'
      ? `Create it: vastai set api-key --profile ${name}`
      : 'List the profiles: vastai profile list';
  return new UsageError(`Profile "${name}" does not exist.`, `${meant}${otherwise}`);
}
