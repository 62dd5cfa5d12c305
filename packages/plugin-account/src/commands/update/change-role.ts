import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import { type RoleContent, updateTeamRole } from '@vastai-cli/core/internal/api/team-role-changes';
import { type TeamRole, teamRole } from '@vastai-cli/core/internal/api/team-roles';
import { ApiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { withClosestRoles } from '@vastai-cli/kit/closest-roles';

/** Holds the fields to change in a role. Undefined ones stay. */
export interface RoleChange {
  readonly name?: string | undefined;
  readonly permissions?: object | undefined;
}

/** A role as it was sent. */
export interface ChangedRole extends RoleContent {
  /** Null if the API has not returned it. */
  readonly id: number | null;
}

/**
 * Changes a role. The API wants both fields, so a field that stays is read first. One request is enough if both change and
 * the role is given by its ID.
 *
 * @throws what `teamRole` and `updateTeamRole` throw, and ApiError if a field that stays cannot be sent back.
 */
export async function changeRole(
  client: Client,
  nameOrId: string,
  { name, permissions }: RoleChange,
): Promise<ApiResponse<ChangedRole>> {
  if (name !== undefined && permissions !== undefined && /^[1-9]\d{0,14}$/u.test(nameOrId)) {
    const { value, raw } = await updateTeamRole(client, nameOrId, { name, permissions });
    return { value: { id: Number(nameOrId), ...value }, raw };
  }
  const { value: role } = await teamRole(client, nameOrId).catch((error: unknown) => {
    throw withClosestRoles(error, nameOrId);
  });
  const content = { name: name ?? nameOf(role), permissions: permissions ?? permissionsOf(role) };
  const { value, raw } = await updateTeamRole(client, String(role.id ?? nameOrId), content, nameOrId);
  return { value: { id: role.id, ...value }, raw };
}

function nameOf({ name }: TeamRole): string {
  if (name !== null) return name;
  throw new ApiError('api_error', 'The API did not return the name of the role. Nothing was changed.', {
    hint: 'Pass it too: --name NAME',
  });
}

/** Returns the permissions to send back as they are. */
function permissionsOf({ permissions, full_access: fullAccess }: TeamRole): object {
  if (permissions !== null && !hasInexactNumber(permissions)) return permissions;
  const reason =
    permissions === null
      ? fullAccess
        ? 'The role has full access, and no permission document to send back'
        : 'The API did not return the permissions of the role'
      : 'The permissions of the role contain a number that is too large to be sent back exactly';
  throw new ApiError('api_error', `${reason}. Nothing was changed.`, {
    hint: 'Pass the permissions too: --permissions FILE',
  });
}

/** Returns true for a value with a whole number that reading has rounded. */
function hasInexactNumber(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexactNumber);
}
