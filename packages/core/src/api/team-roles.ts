import { ApiError, type ErrorDetails, isVastaiError } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import { isNoRoute } from './no-route.js';
import {
  type ApiResponse,
  readFields,
  readOtherId,
  readResponse,
  readString,
  UnexpectedShape,
} from './read-response.js';

/** A team role as the API lists it. A field that the API leaves out, or sends in another type, is null. */
export interface TeamRole {
  readonly id: number | null;
  readonly name: string | null;
  /** Permission document; null if the API sends none. See `full_access` then. */
  readonly permissions: Fields | null;
  /** True for a role without limits, false for one with a permission document, null if the API does not say. */
  readonly full_access: boolean | null;
}

/** The roles of a team. */
export interface TeamRoleList extends ApiResponse<readonly TeamRole[]> {
  /** Number of records that are left out because they have neither an id nor a name. */
  readonly leftOut: number;
}

/** Reports a role that the team does not have. */
class NoSuchRole extends ApiError {
  /** Names of the team's roles, or undefined if the list could not be read. */
  readonly roleNames: readonly string[] | undefined;

  constructor(nameOrId: string, roleNames: readonly string[] | undefined, details: ErrorDetails) {
    super('not_found', `The team has no role “${serverText(nameOrId)}”.`, details);
    this.roleNames = roleNames;
  }
}

const LIST = { method: 'GET', path: path`/api/v0/team/roles-full/` } as const;

/**
 * Lists the roles of the team: `GET /api/v0/team/roles-full/` (Vast.ai's API documentation, “show team roles”). A record
 * with neither an id nor a name is left out.
 *
 * @throws what `Client.request` throws, and TransportError if no record in the list has an id or a name.
 */
export async function listTeamRoles(client: Client): Promise<TeamRoleList> {
  const response = await client.request(LIST);
  return readResponse(LIST, response, (list) => {
    const records = recordsIn(list);
    const value = records.filter(isNamed).map(readRole);
    if (value.length === 0 && records.length > 0) throw new UnexpectedShape('no role in it has a name');
    return { value, raw: withoutSecrets(response), leftOut: records.length - value.length };
  });
}

/**
 * Returns one role by its name or its id: `GET /api/v0/team/roles/NAME/` (Vast.ai's API documentation, “show team role”).
 * If the route returns anything but this role, the role is looked up in the list.
 *
 * @throws what `Client.request` throws, UsageError for a name that no path can hold, and ApiError `not_found` with `roleNames`,
 *   the names of the others, if the list does not have the role.
 */
export async function teamRole(client: Client, nameOrId: string): Promise<ApiResponse<TeamRole>> {
  const request = { method: 'GET', path: path`/api/v0/team/roles/${nameOrId}/` } as const;
  let absence: ErrorDetails = {};
  const direct = await client.request(request).catch((error: unknown) => {
    if (!isNoRoute(error)) throw error;
    const { status, source } = error;
    absence = { ...(status === undefined ? {} : { status }), ...(source === undefined ? {} : { source }) };
  });
  if (isObject(direct) && isCalled(direct, nameOrId))
    return { value: readRole(direct), raw: withoutSecrets(direct) };
  const records = await namedRecords(client, absence.status !== undefined);
  const found =
    records?.find((record) => String(record.id) === nameOrId) ??
    records?.find((record) => record.name === nameOrId);
  if (found !== undefined) return { value: readRole(found), raw: withoutSecrets(found) };
  const names = records?.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  throw noSuchRole(nameOrId, { request, ...absence }, names);
}

/**
 * Returns the error for a role that does not exist.
 *
 * @param roleNames names of the team's roles, if they are known
 */
export function noSuchRole(nameOrId: string, details: ErrorDetails, roleNames?: readonly string[]): ApiError {
  const unknown = roleNames === undefined ? { advice: [{ do: 'list-roles' }] as const } : {};
  return new NoSuchRole(nameOrId, roleNames, { ...unknown, ...details });
}

/** Requests the list. Returns undefined if the key may not read it although the API already said that the role is missing. */
async function namedRecords(client: Client, isAbsent: boolean): Promise<readonly Fields[] | undefined> {
  const response = await client.request(LIST).catch((error: unknown) => {
    if (!(isAbsent && isVastaiError(error) && ['forbidden', 'not_found'].includes(error.code))) throw error;
  });
  if (response === undefined) return undefined;
  return readResponse(LIST, response, (list) => {
    const records = recordsIn(list);
    const named = records.filter(isNamed);
    // A record with neither could be the one.
    if (!isAbsent && named.length < records.length)
      throw new UnexpectedShape('not every role in it has a name');
    return named;
  });
}

/** Returns the records in a response, which is a list or, as the other lists of the API are, an object with one. */
function recordsIn(response: unknown): readonly unknown[] {
  const list = isObject(response) ? response.roles : response;
  if (Array.isArray(list)) return list;
  throw new UnexpectedShape('it is not a list of roles');
}

function isNamed(record: unknown): record is Fields {
  return isObject(record) && (readOtherId(record, 'id') !== null || readString(record, 'name') !== null);
}

function isCalled(record: Fields, nameOrId: string): boolean {
  return record.name === nameOrId || (typeof record.id === 'number' && String(record.id) === nameOrId);
}

function readRole(record: Fields): TeamRole {
  const permissions = readFields(record, 'permissions');
  return {
    id: readOtherId(record, 'id'),
    name: readString(record, 'name'),
    permissions,
    // As for API keys: false where permissions are disabled. Nothing else means that.
    full_access: permissions === null ? (record.permissions === false ? true : null) : false,
  };
}
