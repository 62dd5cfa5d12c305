import type { Client } from '../http/client.js';
import { path } from '../http/path.js';
import { withoutSecrets } from '../http/redaction.js';
import {
  type ApiResponse,
  readId,
  readNumber,
  readObject,
  readOtherId,
  readResponse,
  readString,
} from './read-response.js';

/** The account that a key belongs to; what the API leaves out, or gives in another type, is left out. */
export interface User {
  readonly id: number;
  readonly username?: string;
  readonly email?: string;
  /** US dollars. */
  readonly credit?: number;
  /** US dollars. */
  readonly balance?: number;
  readonly ssh_key?: string;
  /** The id of the key that asked. */
  readonly key_id?: number;
}

/** Asks whose the key is (Vast.ai's API documentation, “show user”). */
export async function currentUser(client: Client): Promise<ApiResponse<User>> {
  const request = { method: 'GET', path: path`/api/v0/users/current/` } as const;
  const response = await client.request(request);
  const value = readResponse(request, response, readUser);
  return { value, raw: withoutSecrets(response) };
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
