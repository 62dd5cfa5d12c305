import {
  type Answer,
  readAnswer,
  readId,
  readNumber,
  readObject,
  readOtherId,
  readString,
} from './answer.js';
import type { Client } from './client.js';
import { withoutSecrets } from './masking.js';
import { path } from './path.js';

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
export async function currentUser(client: Client): Promise<Answer<User>> {
  const request = { method: 'GET', path: path`/api/v0/users/current/` } as const;
  const answer = await client.request(request);
  const value = readAnswer(request, answer, readUser);
  return { value, raw: withoutSecrets(answer) };
}

function readUser(answer: unknown): User {
  const fields = readObject(answer, 'it');
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
