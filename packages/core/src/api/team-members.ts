import { ApiError, isVastaiError, withDetails } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import {
  type ApiResponse,
  readOnlyList,
  readOtherId,
  readResponse,
  readString,
  requireConfirmation,
  UnexpectedShape,
} from './read-response.js';
import { adviseIfLost } from './unknown-outcome.js';

/** A member of a team. A field that the API leaves out, or sends in another type, is null. */
export interface TeamMember {
  /** Id of the user. */
  readonly id: number | null;
  readonly username: string | null;
  readonly email: string | null;
  readonly fullname: string | null;
  /** Names of the member's roles. */
  readonly roles: readonly string[] | null;
}

/** The members of a team. */
export interface TeamMemberList extends ApiResponse<readonly TeamMember[]> {
  /** Number of records that are left out because they have neither an id nor a name. */
  readonly leftOut: number;
}

/** Names a person to invite, and the role to give them. */
export interface Invitation {
  readonly email: string;
  /** Name of a role. */
  readonly role: string;
}

const MEMBERS = path`/api/v0/team/members/`;

/**
 * Lists the members of the team: `GET /api/v0/team/members/` (Vast.ai's API documentation, “show team members”), which
 * returns an array. The tests of Vast.ai's Python CLI have it in an object, with one role as `role`.
 *
 * @throws what `Client.request` throws, and TransportError if no record in the list has an id or a name.
 */
export async function listTeamMembers(client: Client): Promise<TeamMemberList> {
  const request = { method: 'GET', path: MEMBERS } as const;
  const response = await client.request(request);
  return readResponse(request, response, (list) => {
    const records = readOnlyList(list);
    const value = records.flatMap((record) => (isObject(record) ? readMember(record) : []));
    if (value.length === 0 && records.length > 0)
      throw new UnexpectedShape('no member in it has an ID or a name');
    return { value, raw: withoutSecrets(response), leftOut: records.length - value.length };
  });
}

/**
 * Invites somebody into the team: `POST /api/v0/team/invite/?email=…&role=…`, as Vast.ai's Python CLI sends it.
 *
 * @throws what `Client.request` throws.
 */
export async function inviteMember(
  client: Client,
  { email, role }: Invitation,
): Promise<ApiResponse<Invitation>> {
  const route = path`/api/v0/team/invite/`;
  const query = new URLSearchParams({ email, role });
  const ifLost = `The invitation to ${serverText(email)} may have been sent.`;
  try {
    return await adviseIfLost(async () => {
      const response = await client.request({ method: 'POST', path: `${route}?${query}` });
      readResponse({ method: 'POST', path: route }, response, requireConfirmation);
      return { value: { email, role }, raw: withoutSecrets(response) };
    }, ifLost);
  } catch (error) {
    if (!isVastaiError(error) || ![400, 404].includes(error.status ?? 0)) throw error;
    throw withDetails(error, { hint: 'Check the address and the role.', advice: [{ do: 'list-roles' }] });
  }
}

/**
 * Removes a member from the team: `DELETE /api/v0/team/members/ID/` (Vast.ai's API documentation, “remove team member”).
 *
 * @throws what `Client.request` throws, such as ApiError `not_found` if the team has no such member.
 */
export async function removeMember(client: Client, id: number): Promise<ApiResponse<number>> {
  const request = { method: 'DELETE', path: path`/api/v0/team/members/${id}/` } as const;
  const advice = `The member may be gone. Check it with: ${client.command('show members')}`;
  try {
    return await adviseIfLost(async () => {
      const response = await client.request(request);
      readResponse(request, response, requireConfirmation);
      return { value: id, raw: withoutSecrets(response) };
    }, advice);
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'not_found') throw error;
    throw noSuchMember(id, error.status);
  }
}

/** Returns the error for a member that does not exist. */
export function noSuchMember(id: number, status?: number): ApiError {
  return new ApiError('not_found', `The team has no member ${id}.`, {
    advice: [{ do: 'list-members' }],
    ...(status === undefined ? {} : { status }),
  });
}

/** Reads a member. Returns an empty list for a record that names nobody. */
function readMember(fields: Fields): TeamMember | [] {
  const member = {
    id: readOtherId(fields, 'id'),
    username: readString(fields, 'username'),
    email: readString(fields, 'email'),
    fullname: readString(fields, 'fullname'),
    roles: readRoles(fields),
  };
  return member.id === null && member.username === null && member.email === null ? [] : member;
}

function readRoles({ roles, role }: Fields): readonly string[] | null {
  if (Array.isArray(roles)) return roles.filter((name) => typeof name === 'string');
  return typeof role === 'string' ? [role] : null;
}
