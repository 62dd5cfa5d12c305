import { isVastaiError, withDetails } from '../base/errors.js';
import { serverText } from '../base/terminal-safe.js';
import type { ApiRequest, Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import { type ApiResponse, readResponse, requireConfirmation } from './read-response.js';
import { noSuchRole } from './team-roles.js';
import { adviseIfLost } from './unknown-outcome.js';

/** Holds the content of a role. The API wants both fields, also to change one. */
export interface RoleContent {
  /** From 2 to 50 characters. */
  readonly name: string;
  /** Permission document. */
  readonly permissions: object;
}

/**
 * Creates a role: `POST /api/v0/team/roles/` (Vast.ai's API documentation, “create team role”). The API returns no id.
 *
 * @throws what `Client.request` throws.
 */
export async function createTeamRole(
  client: Client,
  { name, permissions }: RoleContent,
): Promise<ApiResponse<RoleContent>> {
  const request = {
    method: 'POST',
    path: path`/api/v0/team/roles/`,
    body: { name, permissions },
  } as const;
  return change(client, request, { name, permissions }, `The role “${serverText(name)}” may exist now.`);
}

/**
 * Replaces the name and the permissions of a role: `PUT /api/v0/team/roles/ID/` (Vast.ai's API documentation, “update team
 * role”).
 *
 * @param called the name or the id by which messages name the role, if it was asked for by another one
 * @throws what `Client.request` throws, such as ApiError `not_found` if the team has no such role.
 */
export async function updateTeamRole(
  client: Client,
  nameOrId: string,
  { name, permissions }: RoleContent,
  called = nameOrId,
): Promise<ApiResponse<RoleContent>> {
  const request = {
    method: 'PUT',
    path: path`/api/v0/team/roles/${nameOrId}/`,
    body: { name, permissions },
  } as const;
  const ifLost = `The role “${serverText(called)}” may have changed.`;
  return ofRole(called, change(client, request, { name, permissions }, ifLost));
}

/**
 * Removes a role by its name or its id: `DELETE /api/v0/team/roles/NAME/` (Vast.ai's API documentation, “remove team role”).
 *
 * @throws what `Client.request` throws, such as ApiError `not_found` if the team has no such role.
 */
export async function removeTeamRole(client: Client, nameOrId: string): Promise<ApiResponse<string>> {
  const request = { method: 'DELETE', path: path`/api/v0/team/roles/${nameOrId}/` } as const;
  const ifLost = `The role “${serverText(nameOrId)}” may be gone.`;
  return ofRole(nameOrId, change(client, request, nameOrId, ifLost)).catch((error: unknown) => {
    if (!isVastaiError(error) || error.status !== 400) throw error;
    throw withDetails(error, {
      hint: 'You cannot remove a role that members still have.',
      advice: [{ do: 'list-members', purpose: 'See who has it' }],
    });
  });
}

async function change<T>(
  client: Client,
  request: ApiRequest,
  value: T,
  ifLost: string,
): Promise<ApiResponse<T>> {
  const advice = `${ifLost} Check it with: ${client.command('show team-roles')}`;
  return adviseIfLost(async () => {
    const response = await client.request(request);
    readResponse(request, response, requireConfirmation);
    return { value, raw: withoutSecrets(response) };
  }, advice);
}

/** Names the role in the error for one that does not exist. */
async function ofRole<T>(nameOrId: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'not_found') throw error;
    const { status, source, request } = error;
    throw noSuchRole(nameOrId, {
      ...(status === undefined ? {} : { status }),
      ...(source === undefined ? {} : { source }),
      ...(request === undefined ? {} : { request }),
    });
  }
}
