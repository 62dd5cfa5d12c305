import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { withoutInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import { segment } from '@vastai-cli/core/internal/http/path';

const SHORTEST = 2;
const LONGEST = 50;

/**
 * Returns the trimmed name for a role.
 *
 * @throws UsageError for a name that the API does not take (Vast.ai's API documentation, “create team role”), or that would
 *   not find the role again: one of digits alone is the ID of another.
 */
export function requireNewName(text: string): string {
  const name = text.trim();
  const { length } = [...name];
  if (length < SHORTEST || length > LONGEST)
    throw new UsageError(`The name of a role must have ${SHORTEST} to ${LONGEST} characters.`);
  if (withoutInvisible(name) !== name || name.includes('\n'))
    throw new UsageError('The name of the role contains an invisible character.');
  if (/^\d+$/u.test(name))
    throw new UsageError('A name made of digits only would look like the ID of a role.');
  return requireRole(name);
}

/** Returns the name or the ID of a role as it is. @throws UsageError if no path can hold it. */
export function requireRole(text: string): string {
  segment(text);
  return text;
}
