import { listTeamMembers, noSuchMember, type TeamMember } from '@vastai-cli/core/internal/api/team-members';
import type { TeamRole } from '@vastai-cli/core/internal/api/team-roles';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { permissionsInBrief } from '@vastai-cli/kit/render/permissions-in-brief';

/** Returns the question before a role is removed. It names the role, and what its permissions are about. */
export function roleQuestion(role: TeamRole): string {
  const id = role.id === null ? '' : ` ${role.id}`;
  const name = role.name === null ? '' : ` "${serverText(role.name)}"`;
  return `Remove team role${id}${name} (${serverText(permissionsInBrief(role))})?`;
}

/**
 * Returns the question before a member is removed. It names the person and the roles, if the key may list members.
 *
 * @throws what `listTeamMembers` throws, and ApiError `not_found` if the list has everyone but this member.
 */
export async function memberQuestion(client: Client, id: number): Promise<string> {
  const list = await listTeamMembers(client).catch((error: unknown) => {
    if (isVastaiError(error) && error.code === 'forbidden') return undefined;
    throw error;
  });
  const member = list?.value.find((one) => one.id === id);
  const isWhole = list?.leftOut === 0 && list.value.every((one) => one.id !== null);
  if (member === undefined && isWhole) throw noSuchMember(id);
  return `Remove member ${id}${member === undefined ? '' : describe(member)} from the team?`;
}

function describe({ username, fullname, email, roles }: TeamMember): string {
  const name = fullname ?? username;
  const parts = [
    ...(name === null ? [] : [` "${serverText(name)}"`]),
    ...(email === null ? [] : [` <${serverText(email)}>`]),
    ...(roles === null || roles.length === 0 ? [] : [` (${serverText(roles.join(', '))})`]),
  ];
  return parts.join('');
}
