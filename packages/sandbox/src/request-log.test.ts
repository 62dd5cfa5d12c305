import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../test-support/ask.js';
import { type Sandbox, startSandbox } from './server.js';

const KEYS = '/api/v0/auth/apikeys/';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

describe('the request log', () => {
  it('has method, path, query, headers, body, key and status of each request', async () => {
    await ask(sandbox, 'POST', `${KEYS}?a=%41`, { body: { name: 'ci' } });
    expect(sandbox.requests).toEqual([
      {
        method: 'POST',
        path: KEYS,
        query: 'a=%41',
        headers: expect.objectContaining({
          'content-type': 'application/json',
          authorization: `Bearer …${sandbox.key.slice(-4)}`,
        }),
        authorization: { scheme: 'Bearer', keyId: 40 },
        body: { name: 'ci' },
        bodyText: '{"name":"ci"}',
        status: 200,
      },
    ]);
  });

  it('distinguishes a missing header, an unknown key and a revoked key', async () => {
    const { id, value } = sandbox.addKey({ name: 'old' });
    sandbox.revoke(id);
    for (const key of [null, 'nobody', value]) await ask(sandbox, 'GET', KEYS, { key });
    expect(sandbox.requests.map((one) => [one.authorization, one.status])).toEqual([
      [null, 403],
      [{ scheme: 'Bearer', keyId: null }, 404],
      [{ scheme: 'Bearer', keyId: id }, 404],
    ]);
  });

  it('never contains the key that a caller sent in the header', async () => {
    await ask(sandbox, 'GET', KEYS);
    await ask(sandbox, 'GET', KEYS, { key: 'nobodys-key-but-still-a-secret' });
    expect(JSON.stringify(sandbox.requests)).not.toContain(sandbox.key);
    expect(JSON.stringify(sandbox.requests)).not.toContain('nobodys-key');
  });

  it('prints each request as one line without keys or control characters', async () => {
    await ask(sandbox, 'POST', KEYS, { body: { name: `\n\u009b31m${sandbox.key}` } });
    await ask(sandbox, 'POST', KEYS, { body: `not JSON\u0007 ${'x'.repeat(500)}` });
    const lines = sandbox.requests.map((record) => sandbox.print(record));
    expect(lines[0]).toBe(`POST ${KEYS} (key 40) {"name":"\\n?31m…${sandbox.key.slice(-4)}"} -> 200`);
    expect(lines[1]).toMatch(/^POST \S+ \(key 40\) "not JSON\\u0007 x{300,400}… -> 400$/u);
  });
});
