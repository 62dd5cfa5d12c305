import { ApiKey } from '../base/api-key.js';
import { ApiError, type ErrorDetails, TransportError, UsageError, type VastaiError } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import { isNoRoute } from './no-route.js';
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

/** A key as the API lists it, without its value. A field that the API leaves out, or sends in another type, is null. */
export interface ApiKeyRecord {
  readonly id: number;
  readonly name: string | null;
  /** Permission document; null if the API sends none. See `full_access` then. */
  readonly permissions: Fields | null;
  /** True for a key with full access, false for one with a permission document, null if the API does not say. */
  readonly full_access: boolean | null;
  readonly key_type: string | null;
  readonly team_id: number | null;
  readonly team_name: string | null;
  /** Time as the API sends it. */
  readonly created_at: string | number | null;
}

/** A key to create. */
export interface NewApiKey {
  readonly name: string;
  /** Permission document; without one, the key has full access. */
  readonly permissions?: object | undefined;
  /** `key_params` of the request, sent unchanged. */
  readonly keyParams?: object | undefined;
}

/** A key that was created. */
export interface CreatedApiKey {
  readonly id: number;
  readonly name: string;
  /** Key itself, which the API never returns again. */
  readonly key: ApiKey;
  /** Permission document as the API returns it; null for full access. */
  readonly permissions: object | null;
}

const LIST = path`/api/v0/auth/apikeys/`;

/** The keys of an account. */
export interface ApiKeyList extends ApiResponse<readonly ApiKeyRecord[]> {
  /** Number of records that are left out because they have no id. */
  readonly leftOut: number;
}

/**
 * Lists the keys of the account: `GET /api/v0/auth/apikeys/` (Vast.ai's API documentation, “show api keys”). A record without
 * an id is left out.
 *
 * @throws what `Client.request` throws, and TransportError if no record in the list has an id.
 */
export async function listApiKeys(client: Client): Promise<ApiKeyList> {
  const request = { method: 'GET', path: LIST } as const;
  const response = await client.request(request);
  return readResponse(request, response, (list) => {
    const records = recordsIn(list);
    const readable = records.filter(hasId);
    if (readable.length === 0 && records.length > 0) throw new UnexpectedShape('no key in it has an ID');
    const value = readable.map(readRecord);
    return { value, raw: withoutSecrets(response), leftOut: records.length - value.length };
  });
}

/**
 * Returns one key by its id. The route `GET /api/v0/auth/apikeys/ID/` is no longer documented, and once responded with the
 * bare key. If it returns anything but the record, the key is looked up in the list.
 *
 * @throws what `Client.request` throws, ApiError `not_found` if the key is not in the list, and TransportError if a record
 *   of the list has no id and may be the one.
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
    // A record without an id could be the one.
    if (found === undefined && !records.every(hasId))
      throw new UnexpectedShape('not every key in it has an ID');
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
 * Creates a key: `POST /api/v0/auth/apikeys/` (Vast.ai's API documentation, “create api key”). Both `value` and `raw` hold the
 * key, which the API never returns again.
 *
 * @param ifLost advice for a lost response; by default, how to find and delete the key
 * @throws what `Client.request` throws. If the key may have been created but its value did not arrive, the hint of the
 *   TransportError or InterruptedError says how to find and delete it.
 */
export async function createApiKey(
  client: Client,
  wanted: NewApiKey,
  ifLost?: string,
): Promise<ApiResponse<CreatedApiKey>> {
  const { name, permissions, keyParams } = wanted;
  const request = { method: 'POST', path: LIST } as const;
  const body = {
    name,
    ...(permissions === undefined ? {} : { permissions }),
    ...(keyParams === undefined ? {} : { key_params: keyParams }),
  };
  const advice =
    ifLost ??
    `A key named “${serverText(name)}” may now exist, but its value is lost. ` +
      `Look for it with: ${client.command('show api-keys')}. ` +
      `Delete it with: ${client.command('delete api-key ID')}. Then create it again.`;
  return adviseIfLost(async () => {
    const response = await client.request({ ...request, body, seenThrough: advice });
    const value = readResponse(request, response, (made) => {
      const fields = readObject(made, 'it');
      // The key is returned only once, so it must not be lost if the permissions come back in an unknown form.
      const granted = fields.permissions ? (permissions ?? null) : null;
      return {
        id: readId(fields),
        name,
        permissions: isObject(fields.permissions) ? fields.permissions : granted,
      };
    });
    const key = readKey(response, ['key']);
    if (key === undefined)
      throw new TransportError(`The API created the key ${value.id}, but did not return its value.`, true);
    return {
      value: { id: value.id, name, key, permissions: value.permissions },
      raw: withoutSecrets(response, ['key']),
    };
  }, advice);
}

/**
 * Deletes a key by its id: `DELETE /api/v0/auth/apikeys/ID/` (Vast.ai's API documentation, “delete api key”).
 *
 * @throws what `Client.request` throws, such as ApiError `not_found` if the key does not exist.
 */
export async function deleteApiKey(
  client: Client,
  id: number,
): Promise<ApiResponse<{ readonly id: number }>> {
  const request = { method: 'DELETE', path: keyPath(id) } as const;
  const advice = `Check whether it is gone with: ${client.command(`show api-key ${id}`)}`;
  return adviseIfLost(async () => {
    const response = await client.request(request);
    readResponse(request, response, readDeletion);
    return { value: { id }, raw: withoutSecrets(response) };
  }, advice);
}

/**
 * Replaces the key that the client sends with a new one: `PUT /api/v0/commands/reset_apikey/`. The old key stops working
 * immediately. Both `value` and `raw` hold the new key; Vast.ai's API documentation has it in `new_api_key` and in `key`.
 *
 * @throws what `Client.request` throws. If the response was lost, the hint of the TransportError or InterruptedError says
 *   how to find out which key works.
 */
export async function resetApiKey(client: Client): Promise<ApiResponse<{ readonly key: ApiKey }>> {
  const names = ['new_api_key', 'key'] as const;
  const advice =
    'The old key may no longer work, and the new one is not known. ' +
    `Check whether the old one works with: ${client.command('auth status')}. ` +
    `If not, create a key at https://cloud.vast.ai/manage-keys/ and save it: ${client.command('set api-key')}`;
  return adviseIfLost(async () => {
    const response = await client.request({
      method: 'PUT',
      path: path`/api/v0/commands/reset_apikey/`,
      body: { client_id: 'me' },
      seenThrough: advice,
    });
    const key = readKey(response, names);
    if (key === undefined)
      throw new TransportError('The API responded to the reset without a new key.', true);
    return { value: { key }, raw: withoutSecrets(response, names) };
  }, advice);
}

/** Returns the error for a key that does not exist. */
export function noSuchKey(id: number, details: ErrorDetails): ApiError {
  return new ApiError('not_found', `API key ${id} does not exist.`, {
    advice: [{ do: 'list-keys' }],
    ...details,
  });
}

function keyPath(id: number): string {
  if (!Number.isSafeInteger(id) || id < 1)
    throw new UsageError('The ID of a key must be a whole number, 1 or more.');
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

/** Checks that the response confirms the deletion, by a sentence or by `success`. @throws UnexpectedShape */
function readDeletion(response: unknown): void {
  if (typeof response === 'string' && response.trim() !== '') return;
  if (readObject(response, 'it').success !== true)
    throw new UnexpectedShape('it does not confirm that the key was deleted');
}

/** Returns the new key in a response. A key that was masked, because it is the one that was sent, is not valid. */
function readKey(response: unknown, names: readonly string[]): ApiKey | undefined {
  const fields = isObject(response) ? response : {};
  const text = names.map((name) => fields[name]).find((value) => typeof value === 'string');
  const key = typeof text === 'string' ? ApiKey.parse(text) : undefined;
  return key instanceof ApiKey ? key : undefined;
}
