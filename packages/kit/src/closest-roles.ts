import { isVastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { firstOf } from '@vastai-cli/permissions/json/first-of';
import { closest } from './closest.js';

/** The number of names to show of a long list. */
const SHOWN = 5;

/**
 * Adds the closest names to the error for a team role that does not exist. Returns any other error as it is.
 *
 * @param name the name that was typed
 */
export function withClosestRoles(error: unknown, name: string): unknown {
  if (!isVastaiError(error) || !('roleNames' in error)) return error;
  const names = error.roleNames as readonly string[] | undefined;
  if (names === undefined) return error;
  const meant = closest(name, names);
  if (meant !== undefined) return withDetails(error, { hint: `Did you mean “${serverText(meant)}”?` });
  if (names.length === 0) return withDetails(error, { hint: 'The team has no roles.' });
  const quoted = names.map((one) => `“${serverText(one)}”`);
  return withDetails(error, { hint: `The roles are ${firstOf(quoted, SHOWN)}.` });
}
