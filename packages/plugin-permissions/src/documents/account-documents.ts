import { showApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { teamRole } from '@vastai-cli/core/internal/api/team-roles';
import { ApiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { segment } from '@vastai-cli/core/internal/http/path';
import { withClosestRoles } from '@vastai-cli/kit/closest-roles';
import { requireKeyId } from './key-id.js';
import type { Connect, StoredDocument } from './referenced-document.js';

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
    throw withClosestRoles(error, name);
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
