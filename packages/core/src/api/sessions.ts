import { ApiError, isVastaiError } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import type { Client } from '../http/client.js';
import { maskBody, withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import {
  type ApiResponse,
  readNumber,
  readOnlyList,
  readOtherId,
  readResponse,
  readString,
  requireConfirmation,
} from './read-response.js';
import { adviseIfLost } from './unknown-outcome.js';

/**
 * A login session of the account, without its key. No source documents the fields, so each is null if the API leaves it out,
 * or sends it in another type.
 */
export interface LoginSession {
  readonly id: number | string | null;
  /** Time as the API sends it, as are the others. */
  readonly created_at: string | number | null;
  readonly expires_at: string | number | null;
  readonly last_used: string | number | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

/** The login sessions of an account. */
export interface SessionList extends ApiResponse<readonly LoginSession[]> {
  /** Number of entries that are left out because they are no records. One may be the key of a session. */
  readonly leftOut: number;
}

/** Matches an id that is not a number. The key of a session is longer. */
const OTHER_ID = /^[A-Za-z\d][\w-]{0,35}$/u;

const SESSIONS = path`/api/v0/auth/sessions/`;

/**
 * Lists the login sessions of the account: `GET /api/v0/auth/sessions/`, which no page of Vast.ai's API documentation
 * describes.
 *
 * @throws what `Client.request` throws, and TransportError if the response has no list, or more than one.
 */
export async function listSessions(client: Client): Promise<SessionList> {
  const request = { method: 'GET', path: SESSIONS } as const;
  const response = await client.request(request);
  return readResponse(request, response, (list) => {
    const records = readOnlyList(list);
    const raw = withoutKeys(response);
    const value = readOnlyList(raw).filter(isObject).map(readSession);
    return { value, raw, leftOut: records.length - value.length };
  });
}

/**
 * Ends a login session: `DELETE /api/v0/auth/sessions/` with `{"id": …}`. What the route takes is not documented; it may end
 * other sessions too.
 *
 * @throws what `Client.request` throws.
 */
export async function deleteSession(
  client: Client,
  id: number | string,
): Promise<ApiResponse<number | string>> {
  const request = { method: 'DELETE', path: SESSIONS, body: { id } } as const;
  const advice = `The session may have ended. Check it with: ${client.command('show sessions')}`;
  try {
    return await adviseIfLost(async () => {
      const response = await client.request(request);
      readResponse(request, response, requireConfirmation);
      return { value: id, raw: withoutSecrets(response) };
    }, advice);
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'not_found') throw error;
    throw noSuchSession(id, error.status);
  }
}

/** Returns the error for a session that does not exist. */
export function noSuchSession(id: number | string, status?: number): ApiError {
  return new ApiError('not_found', `The account has no login session ${id}.`, {
    advice: [{ do: 'list-sessions' }],
    ...(status === undefined ? {} : { status }),
  });
}

/** Returns true for the id of a session that is not a number. */
export function isOtherId(text: string): boolean {
  return OTHER_ID.test(text);
}

function readSession(fields: Fields): LoginSession {
  const text = readString(fields, 'id');
  return {
    id: readOtherId(fields, 'id') ?? (text !== null && OTHER_ID.test(text) ? text : null),
    created_at: readTime(fields, 'created_at', 'created'),
    expires_at: readTime(fields, 'expires_at', 'expires', 'expiration'),
    last_used: readTime(fields, 'last_used', 'last_used_at'),
    ip_address: readString(fields, 'ip_address') ?? readString(fields, 'ip'),
    user_agent: readString(fields, 'user_agent'),
  };
}

function readTime(fields: Fields, ...names: readonly string[]): string | number | null {
  const found = names.find((name) => (readNumber(fields, name) ?? readString(fields, name)) !== null);
  return found === undefined ? null : (readNumber(fields, found) ?? readString(fields, found));
}

/** Returns a response without secrets: no field with a key, nothing that looks like one, and no strings in its list. */
function withoutKeys(response: unknown): unknown {
  const clean = maskBody(withoutSecrets(response), (text) => text);
  const records = (list: readonly unknown[]) => list.filter(isObject);
  if (Array.isArray(clean)) return records(clean);
  if (!isObject(clean)) return clean;
  return Object.fromEntries(
    Object.entries(clean).map(([name, value]) => [name, Array.isArray(value) ? records(value) : value]),
  );
}
