import { isVastaiError } from '../base/errors.js';
import { isObject } from '../base/json-object.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import {
  type ApiResponse,
  readId,
  readNumber,
  readObject,
  readOtherId,
  readResponse,
  readString,
} from './read-response.js';

/** The account that a key belongs to. A field that the API leaves out, or sends in another type, is absent. */
export interface User {
  readonly id: number;
  readonly username?: string;
  readonly email?: string;
  /** Credit in US dollars. */
  readonly credit?: number;
  /** Balance in US dollars. */
  readonly balance?: number;
  readonly ssh_key?: string;
  /** Id of the key that was sent. */
  readonly key_id?: number;
}

/**
 * Returns the account that the key belongs to: `GET /api/v0/users/current/` (Vast.ai's API documentation, “show user”).
 *
 * @throws what `Client.request` throws, and TransportError if the response has no id.
 */
export async function currentUser(client: Client): Promise<ApiResponse<User>> {
  const request = { method: 'GET', path: path`/api/v0/users/current/` } as const;
  const response = await client.request(request);
  const value = readResponse(request, response, readUser);
  return { value, raw: withoutSecrets(response) };
}

/**
 * Returns true if two-factor login of the account is from before there were backup codes. Only the user says so, in
 * `tfa_status`. Null if the API does not say, or the user cannot be read.
 */
export async function isLegacyTwoFactor(client: Client): Promise<boolean | null> {
  const request = { method: 'GET', path: path`/api/v0/users/current/` } as const;
  const response = await client.request(request).catch((error: unknown) => {
    if (!isVastaiError(error) || error.code === 'interrupted') throw error;
  });
  const status = isObject(response) ? response.tfa_status : undefined;
  return typeof status === 'string' ? status === 'legacy' : null;
}

function readUser(response: unknown): User {
  const fields = readObject(response, 'it');
  const user = {
    id: readId(fields),
    username: readString(fields, 'username'),
    email: readString(fields, 'email'),
    credit: readNumber(fields, 'credit'),
    balance: readNumber(fields, 'balance'),
    ssh_key: readString(fields, 'ssh_key'),
    key_id: readOtherId(fields, 'key_id'),
  };
  return Object.fromEntries(Object.entries(user).filter(([, value]) => value !== null)) as unknown as User;
}
