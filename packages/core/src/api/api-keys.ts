import { ApiKey } from '../base/api-key.js';
import {
  ApiError,
  type ErrorDetails,
  isVastaiError,
  TransportError,
  UsageError,
  type VastaiError,
} from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import type { Client } from '../http/client.js';
import { path } from '../http/path.js';
import { withoutSecrets } from '../http/redaction.js';
import {
  type ApiResponse,
  readFields,
  readId,
  readList,
  readNumber,
  readObject,
  readOtherId,
  readResponse,
  readString,
  UnexpectedShape,
} from './read-response.js';
import { adviseIfLost } from './unknown-outcome.js';

/** Describes a key as the API lists it, without its value. A field that the API leaves out, or gives in another type, is null. */
export interface ApiKeyRecord {
  readonly id: number;
  readonly name: string | null;
  /** Permission document; null where the API gives none, and then `full_access` says what is known. */
  readonly permissions: Fields | null;
  /** True for a key that may do everything, false for one with a permission document, null where the API does not say. */
  readonly full_access: boolean | null;
  readonly key_type: string | null;
  readonly team_id: number | null;
  readonly team_name: string | null;
  /** Time as the API gives it. */
  readonly created_at: string | number | null;
}

/** Describes a key to make. */
export interface NewApiKey {
  readonly name: string;
  /** Permission document; without one the key may do everything. */
  readonly permissions?: object | undefined;
  /** `key_params` of the request, passed on as they are. */
  readonly keyParams?: object | undefined;
}

/** Holds a key that was made. */
export interface CreatedApiKey {
  readonly id: number;
  readonly name: string;
  /** Key, which the API gives this once. */
  readonly key: ApiKey;
  /** Permission document as the API gives it; null means everything. */
  readonly permissions: object | null;
}

const LIST = path`/api/v0/auth/apikeys/`;

/** Lists keys of an account. */
export interface ApiKeyList extends ApiResponse<readonly ApiKeyRecord[]> {
  /** Number of records without an id, which are left out. */
  readonly leftOut: number;
}

/**
 * Lists the keys of the account: `GET /api/v0/auth/apikeys/` (Vast.ai's API documentation, “show api keys”). One record
 * that cannot be read does not hide the others.
 *
 * @throws what `Client.request` throws, and TransportError for a list in which no record can be read.
 */
export async function listApiKeys(client: Client): Promise<ApiKeyList> {
  const request = { method: 'GET', path: LIST } as const;
  const response = await client.request(request);
  return readResponse(request, response, (list) => {
    const records = recordsIn(list);
    const readable = records.filter(hasId);
    if (readable.length === 0 && records.length > 0) throw new UnexpectedShape('no key in it has an id');
    const value = readable.map(readRecord);
    return { value, raw: withoutSecrets(response), leftOut: records.length - value.length };
  });
}

/**
 * Finds one key by its id. Its own route, `GET /api/v0/auth/apikeys/ID/`, is no longer documented and once answered with
 * the bare key; whenever it gives anything but the record, the list is asked.
 *
 * @throws what `Client.request` throws, ApiError `not_found` where the list does not have it, and TransportError where it
 *   may have it without an id.
 */
export async function showApiKey(client: Client, id: number): Promise<ApiResponse<ApiKeyRecord>> {
  const request = { method: 'GET', path: keyPath(id) } as const;
  let absence: VastaiError | undefined;
  const direct = await client.request(request).catch((error: unknown) => {
    if (!isNoRoute(error)) throw error;
    absence = error;
  });
  if (isObject(direct) && direct.id === id) {
    return { value: readResponse(request, direct, readRecord), raw: withoutSecrets(direct) };
  }
  const response = await client.request({ method: 'GET', path: LIST });
  const record = readResponse({ method: 'GET', path: LIST }, response, (list) => {
    const records = recordsIn(list);
    const found = records.find((candidate) => isObject(candidate) && candidate.id === id);
    // Any record without an id could be the one, so it proves no absence.
    if (found === undefined && !records.every(hasId))
      throw new UnexpectedShape('not every key in it has an id');
    return found;
  });
  if (record === undefined) {
    throw noSuchKey(id, {
      request,
      ...(absence?.status === undefined ? {} : { status: absence.status }),
      ...(absence?.source === undefined ? {} : { source: absence.source }),
    });
  }
  return { value: readResponse(request, record, readRecord), raw: withoutSecrets(record) };
}

/**
 * Makes a key: `POST /api/v0/auth/apikeys/` (Vast.ai's API documentation, “create api key”). The response, `raw` included,
 * holds the key, which the API never shows again.
 *
 * @throws what `Client.request` throws; where the key may have been made without its value arriving, the hint of the
 *   TransportError or InterruptedError says how to find and delete it.
 */
export async function createApiKey(client: Client, wanted: NewApiKey): Promise<ApiResponse<CreatedApiKey>> {
  const { name, permissions, keyParams } = wanted;
  const request = { method: 'POST', path: LIST } as const;
  const body = {
    name,
    ...(permissions === undefined ? {} : { permissions }),
    ...(keyParams === undefined ? {} : { key_params: keyParams }),
  };
  const advice =
    `A key named “${serverText(name)}” may exist now, and nobody has its value. ` +
    `Look for it with: ${client.command('show api-keys')}. ` +
    `Delete it with: ${client.command('delete api-key ID')}. Then create it again.`;
  return adviseIfLost(async () => {
    const response = await client.request({ ...request, body, seenThrough: advice });
    const value = readResponse(request, response, (made) => {
      const fields = readObject(made, 'it');
      // A value that is shown once is not given up for an odd echo of what the key may do.
      const granted = fields.permissions ? (permissions ?? null) : null;
      return {
        id: readId(fields),
        name,
        permissions: isObject(fields.permissions) ? fields.permissions : granted,
      };
    });
    const key = readKey(response, ['key']);
    if (key === undefined)
      throw new TransportError(`The API made the key ${value.id} but did not give its value.`, true);
    return {
      value: { id: value.id, name, key, permissions: value.permissions },
      raw: withoutSecrets(response, ['key']),
    };
  }, advice);
}

/**
 * Deletes a key by its id: `DELETE /api/v0/auth/apikeys/ID/` (Vast.ai's API documentation, “delete api key”).
 *
 * @throws what `Client.request` throws: ApiError `not_found` for a key that is not there.
 */
export async function deleteApiKey(
  client: Client,
  id: number,
): Promise<ApiResponse<{ readonly id: number }>> {
  const request = { method: 'DELETE', path: keyPath(id) } as const;
  const advice = `See whether it is gone with: ${client.command(`show api-key ${id}`)}`;
  return adviseIfLost(async () => {
    const response = await client.request(request);
    readResponse(request, response, readDeletion);
    return { value: { id }, raw: withoutSecrets(response) };
  }, advice);
}

/**
 * Replaces the key that the client sends by a new one: `PUT /api/v0/commands/reset_apikey/`. The old key stops working at
 * once. The response, `raw` included, holds the new one; Vast.ai's API documentation has two forms of it, with the key in
 * `new_api_key` and in `key`.
 *
 * @throws what `Client.request` throws; where the response was lost, the hint of the TransportError or InterruptedError says
 *   how to find out which key works.
 */
export async function resetApiKey(client: Client): Promise<ApiResponse<{ readonly key: ApiKey }>> {
  const names = ['new_api_key', 'key'] as const;
  const advice =
    'The old key may be dead, and the new one is not known. ' +
    `See whether it still works with: ${client.command('auth status')}. ` +
    `If not, make a new key at https://cloud.vast.ai/manage-keys/ and save it: ${client.command('set api-key')}`;
  return adviseIfLost(async () => {
    const response = await client.request({
      method: 'PUT',
      path: path`/api/v0/commands/reset_apikey/`,
      body: { client_id: 'me' },
      seenThrough: advice,
    });
    const key = readKey(response, names);
    if (key === undefined) throw new TransportError('The API answered the reset without a new key.', true);
    return { value: { key }, raw: withoutSecrets(response, names) };
  }, advice);
}

/** What is said of a key that is not there. */
export function noSuchKey(id: number, details: ErrorDetails): ApiError {
  return new ApiError('not_found', `There is no API key ${id}.`, {
    advice: [{ do: 'list-keys' }],
    ...details,
  });
}

function keyPath(id: number): string {
  if (!Number.isSafeInteger(id) || id < 1)
    throw new UsageError('The id of a key is a whole number, 1 or more.');
  return path`/api/v0/auth/apikeys/${id}/`;
}

function recordsIn(response: unknown): readonly unknown[] {
  return readList(readObject(response, 'it').apikeys, '“apikeys”');
}

function hasId(record: unknown): boolean {
  return isObject(record) && readOtherId(record, 'id') !== null;
}

function readRecord(record: unknown): ApiKeyRecord {
  const fields = readObject(record, 'a key');
  const permissions = readFields(fields, 'permissions');
  // Vast.ai's API documentation, “create api key”: false where permissions are disabled. Nothing else means that.
  const fullAccess = fields.permissions === false ? true : null;
  return {
    id: readId(fields),
    name: readString(fields, 'name'),
    permissions,
    full_access: permissions === null ? fullAccess : false,
    key_type: readString(fields, 'key_type'),
    team_id: readOtherId(fields, 'team_id'),
    team_name: readString(fields, 'team_name'),
    created_at: readNumber(fields, 'created_at') ?? readString(fields, 'created_at'),
  };
}

/** Checks that the API says that the key is deleted, by a sentence or by `success`. @throws UnexpectedShape */
function readDeletion(response: unknown): void {
  if (typeof response === 'string' && response.trim() !== '') return;
  if (readObject(response, 'it').success !== true)
    throw new UnexpectedShape('it does not say that the key is deleted');
}

/** The new key in an answer. One that was masked, since it is the key that was sent, holds a character that no key has. */
function readKey(response: unknown, names: readonly string[]): ApiKey | undefined {
  const fields = isObject(response) ? response : {};
  const text = names.map((name) => fields[name]).find((value) => typeof value === 'string');
  const key = typeof text === 'string' ? ApiKey.parse(text) : undefined;
  return key instanceof ApiKey ? key : undefined;
}

/**
 * The route is not there any more, or has nothing for this id; a key that is rejected is another matter. Whatever
 * said so: the list, which is asked next, is the API's own word.
 */
function isNoRoute(error: unknown): error is VastaiError {
  if (!isVastaiError(error)) return false;
  const codes = ['not_found', 'api_error', 'unreachable'];
  return codes.includes(error.code) && [404, 405, 410].includes(error.status ?? 0);
}
