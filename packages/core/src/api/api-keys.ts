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

/** A key as the API lists it; its value is never part of that. What the API leaves out, or gives in another type, is null. */
export interface ApiKeyRecord {
  readonly id: number;
  readonly name: string | null;
  /** The permission document; null where the API gives none, and then `full_access` says what is known. */
  readonly permissions: Fields | null;
  /** Null where the API does not tell: it gives no document, and not the `false` that means full access either. */
  readonly full_access: boolean | null;
  readonly key_type: string | null;
  readonly team_id: number | null;
  readonly team_name: string | null;
  /** As the API gives it. */
  readonly created_at: string | number | null;
}

export interface NewApiKey {
  readonly name: string;
  /** A permission document; without one the key may do everything. */
  readonly permissions?: object | undefined;
  readonly keyParams?: object | undefined;
}

export interface CreatedApiKey {
  readonly id: number;
  readonly name: string;
  /** Shown by the API this once. */
  readonly key: ApiKey;
  /** As the API gives it; null means everything. */
  readonly permissions: object | null;
}

const LIST = path`/api/v0/auth/apikeys/`;

/** The keys of an account. */
export interface ApiKeyList extends ApiResponse<readonly ApiKeyRecord[]> {
  /** How many records have no id, and are left out. */
  readonly leftOut: number;
}

/**
 * Lists the keys of the account (Vast.ai's API documentation, “show api keys”). One record that cannot be read
 * does not hide the others.
 *
 * @throws TransportError for a list in which no record can be read.
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
 * Finds one key. Its own route is no longer documented and once answered with the bare key;
 * whenever it gives anything but the record, the list is asked.
 *
 * @throws ApiError `not_found` where the list does not have it; TransportError where it may have it without an id.
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
 * Makes a key (Vast.ai's API documentation, “create api key”). `raw` holds its value too.
 *
 * @throws TransportError whose hint tells how to find and delete the key, where it may have been made without its value arriving.
 */
export async function createApiKey(
  client: Client,
  { name, permissions, keyParams }: NewApiKey,
): Promise<ApiResponse<CreatedApiKey>> {
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
 * Deletes a key (Vast.ai's API documentation, “delete api key”).
 *
 * @throws ApiError `not_found` for a key that is not there.
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
 * Replaces the key that is sent by a new one; the old one stops working at once. `raw` holds the new value too.
 * Two answers are documented: the new key stands in `new_api_key`, or in `key`.
 *
 * @throws TransportError whose hint tells how to find out which key works, where the answer was lost.
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
