import { showApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { teamRole } from '@vastai-cli/core/internal/api/team-roles';
import { ApiError, isVastaiError, UsageError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { segment } from '@vastai-cli/core/internal/http/path';
import { closest } from '@vastai-cli/kit/closest';
import { firstOf } from '@vastai-cli/permissions/json/first-of';
import { requireKeyId } from './key-id.js';
import type { Connect, StoredDocument } from './referenced-document.js';

/** The number of names to show of a long list. */
const SHOWN = 5;

/**
 * Requests the permissions of a key.
 *
 * @returns null for full access
 * @throws UsageError if the id is not valid; ApiError if the API returns an error or does not return the permissions.
 */
export async function documentOfKey(id: string, connect: Connect): Promise<StoredDocument> {
  const number = requireKeyId(id);
  const { value } = await showApiKey(await connect(), number);
  return documentIn(value, `API key ${id}`, 'A key created without a permission document has full access.');
}

/**
 * Requests the permissions of a team role by its name or id.
 *
 * @returns null for full access
 * @throws UsageError if no path can hold the name; ApiError if the API returns an error or does not return the permissions.
 */
export async function documentOfRole(name: string, connect: Connect): Promise<StoredDocument> {
  if (name === '')
    throw new UsageError('role: needs the name of a team role.', 'For example: role:developer');
  segment(name);
  const { value } = await teamRole(await connect(), name).catch((error: unknown) => {
    throw withClosestNames(error, name);
  });
  return documentIn(value, `the role “${serverText(name)}”`);
}

function documentIn(
  { permissions, full_access: fullAccess }: { permissions: StoredDocument; full_access: boolean | null },
  whose: string,
  hint?: string,
): StoredDocument {
  if (permissions !== null || fullAccess) return permissions;
  throw new ApiError(
    'api_error',
    `The API did not return the permissions of ${whose}.`,
    hint === undefined ? {} : { hint },
  );
}

/** Adds the closest names to the error for a role that does not exist. */
function withClosestNames(error: unknown, name: string): unknown {
  if (!isVastaiError(error) || !('roleNames' in error)) return error;
  const names = error.roleNames as readonly string[] | undefined;
  if (names === undefined) return error;
  const meant = closest(name, names);
  if (meant !== undefined) return withDetails(error, { hint: `Did you mean “${serverText(meant)}”?` });
  if (names.length === 0) return withDetails(error, { hint: 'The team has no roles.' });
  const quoted = names.map((one) => `“${serverText(one)}”`);
  return withDetails(error, { hint: `The roles are ${firstOf(quoted, SHOWN)}.` });
}
