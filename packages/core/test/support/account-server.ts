import type { ServerResponse } from 'node:http';
import type { ApiKey } from '../../src/base/api-key.js';
import { Client } from '../../src/http/client.js';
import { json, type Seen, serve } from '../../src/http/test-support/loopback-server.js';
import { keyOf } from './keys.js';

/** A key of the account. */
export interface AccountKey {
  readonly id: number;
  readonly name: string | null;
  readonly value: ApiKey;
  readonly permissions: unknown;
}

/** Says what goes wrong with a request: a status and a sentence, or a response that is lost before or after the API has acted. */
export type Trouble = { readonly status: number; readonly msg: string } | 'lost before' | 'lost after';

/** An account of the API on loopback, with its keys. It does what rotations and runs with their own key need. */
export interface Account {
  readonly url: URL;
  /** Keys by id, in the order of their creation. */
  readonly keys: Map<number, AccountKey>;
  /** Every request so far: method and end of the path, and the id of the key that was sent. */
  readonly requests: string[];
  /** Decides what goes wrong with a request, by its text in `requests`. */
  trouble: (request: string) => Trouble | undefined;
  /** Changes the permissions of a key that is created. */
  granted: (permissions: unknown) => unknown;
  add(id: number, name: string | null, value: ApiKey): void;
  client(key: ApiKey): Client;
}

const FULL = { api: { misc: {} } };

/** Starts an account for one test. */
export async function startAccount(): Promise<Account> {
  const keys = new Map<number, AccountKey>();
  const requests: string[] = [];
  let next = 100;
  const { url } = await serve((response, request) => {
    const sender = [...keys.values()].find(
      ({ value }) => request.headers.authorization === `Bearer ${value.reveal()}`,
    );
    const line = `${request.method} ${request.path.replace(/^\/api\/v0\/(?:auth\/)?|\/$/gu, '')} by ${sender?.id}`;
    requests.push(line);
    const wrong = account.trouble(line);
    if (wrong === 'lost before') return void response.destroy();
    if (typeof wrong === 'object') return json(response, { success: false, ...wrong }, wrong.status);
    if (sender === undefined) {
      json(response, { success: false, msg: 'Invalid user key' }, 401);
      return;
    }
    act(wrong === 'lost after' ? undefined : response, request, sender);
    if (wrong === 'lost after') response.destroy();
  });
  const account: Account = {
    url,
    keys,
    requests,
    trouble: () => undefined,
    granted: (permissions) => permissions,
    add(id, name, value) {
      keys.set(id, { id, name, value, permissions: FULL });
    },
    client: (key) =>
      new Client({ baseUrl: url, key, keySource: `a test ${key}`, retries: 0, timeoutMs: 10_000 }),
  };
  return account;

  function act(response: ServerResponse | undefined, { method, path, body }: Seen, sender: AccountKey): void {
    const { value, status = 200 } = outcome(method, path, body, sender);
    if (response !== undefined) json(response, value, status);
  }

  function outcome(
    method: string,
    path: string,
    body: string,
    sender: AccountKey,
  ): { value: unknown; status?: number } {
    if (path.endsWith('/users/current/')) return { value: { id: 1, username: 'ada', key_id: sender.id } };
    if (method === 'POST') {
      const { name, permissions: asked = false } = JSON.parse(body);
      next += 1;
      const value = keyOf(`made-key-${String(next).padStart(12, '0')}`);
      const permissions = account.granted(asked);
      keys.set(next, { id: next, name, value, permissions });
      return { value: { success: true, id: next, key: value.reveal(), permissions } };
    }
    if (method === 'DELETE') {
      const id = Number(/\/(\d+)\/$/u.exec(path)?.[1]);
      return keys.delete(id)
        ? { value: { success: true } }
        : { value: { success: false, msg: 'API key not found' }, status: 404 };
    }
    const shown = [...keys.values()].map(({ value: _, ...rest }) => ({ ...rest, key_type: 'api' }));
    return { value: { apikeys: shown } };
  }
}
