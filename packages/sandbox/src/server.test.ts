import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { PUBLIC_ROUTE } from '@vastai-cli/permissions/catalogue/other-routes';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../test-support/ask.js';
import { type Sandbox, type SandboxOptions, startSandbox } from './server.js';

const running: Sandbox[] = [];
async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

const USER = '/api/v0/users/current/';

describe('startSandbox', () => {
  it('listens on a free loopback port and has a key with full access', async () => {
    const sandbox = await start();
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    expect(sandbox.key).toMatch(/^[0-9a-f]{64}$/u);
    const { status, json } = await ask(sandbox, 'GET', USER);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 123456, email: 'you@example.com', credit: 25, balance: 0, key_id: 40 });
    expect(json.api_key).toBe(sandbox.key);
  });

  it('rejects a host that other machines can reach', async () => {
    await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow('loopback only');
  });

  it('fails when the port is in use', async () => {
    const { url } = await start();
    await expect(startSandbox({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });

  it('shares nothing with another sandbox', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.key).not.toBe(other.key);
    expect((await ask(other, 'GET', USER, { key: one.key })).status).toBe(404);
    expect(one.requests).toEqual([]);
  });

  it('closes immediately with connections open, and can be closed twice', async () => {
    const sandbox = await start();
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    await once(socket, 'connect');
    await Promise.all([sandbox.close(), sandbox.close()]);
    await expect(fetch(sandbox.url)).rejects.toThrow();
    socket.destroy();
  });

  it('leaves the global fetch classes alone', async () => {
    const before = [globalThis.Request, globalThis.Response];
    await ask(await start(), 'GET', USER);
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });

  it('reports each request as one line without the key', async () => {
    const lines: string[] = [];
    const sandbox = await start({ onRequest: (line) => lines.push(line) });
    await ask(sandbox, 'POST', '/api/v0/auth/apikeys/', { body: { name: 'ci' } });
    expect(lines).toEqual(['POST /api/v0/auth/apikeys/ (key 40) {"name":"ci"} -> 200']);
  });
});

describe('authentication', () => {
  it.each([404, 401] as const)('rejects an unknown key with %i', async (unknownKey) => {
    const sandbox = await start({ quirks: { unknownKey } });
    const { status, json } = await ask(sandbox, 'GET', USER, { key: 'no-such-key' });
    expect(status).toBe(unknownKey);
    expect(json).toEqual({ success: false, error: 'auth_error', msg: 'Invalid user key' });
  });

  it('requires a bearer token in the Authorization header, not a key in the query', async () => {
    const sandbox = await start();
    const loginRequired = { success: false, error: 'auth_error', msg: 'This action requires login.' };
    for (const [path, headers] of [
      [USER, {}],
      [`${USER}?api_key=${sandbox.key}`, {}],
      [USER, { authorization: `Basic ${sandbox.key}` }],
      [USER, { authorization: 'Bearer ' }],
    ] as const) {
      const response = await fetch(`${sandbox.url}${path}`, { headers });
      expect([response.status, await response.json()]).toEqual([403, loginRequired]);
    }
  });

  it('answers the one public route without a key', async () => {
    const sandbox = await start();
    const response = await fetch(`${sandbox.url}${PUBLIC_ROUTE.route}`);
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect((await fetch(`${sandbox.url}${PUBLIC_ROUTE.route}`, { method: 'POST' })).status).toBe(403);
  });

  it.each([
    ['session_expired', 404, 'Session expired. Please log in again.'],
    ['required', 401, 'This action requires Two Factor Authentication.'],
  ] as const)('requires a two-factor session if quirks say so: %s', async (twoFactor, status, msg) => {
    const sandbox = await start({ quirks: { twoFactor } });
    const reply = await ask(sandbox, 'GET', USER);
    expect([reply.status, reply.json.msg]).toEqual([status, msg]);
    expect((await ask(sandbox, 'GET', '/api/v0/tfa/status/')).status).toBe(200);
    expect((await ask(sandbox, 'GET', USER, { key: 'no-such-key' })).json.msg).toBe('Invalid user key');
  });
});

describe('the routes', () => {
  it("redirect the current user's path without its final slash, with the query", async () => {
    const sandbox = await start();
    const { status, headers } = await ask(sandbox, 'GET', '/api/v0/users/current?owner=me');
    expect([status, headers.get('location')]).toEqual([301, '/api/v0/users/current/?owner=me']);
    sandbox.quirks.withoutSlash = 'user';
    expect((await ask(sandbox, 'GET', '/api/v0/users/current?owner=me')).json.id).toBe(123456);
  });

  it('are those of the catalogue, even with full access', async () => {
    const sandbox = await start();
    for (const path of ['/', '/api/v0/nothing/', '/api/v0/users/current/extra/', '/sandbox/faults']) {
      const { status, json } = await ask(sandbox, 'GET', path);
      expect([path, status, json.error]).toEqual([path, 404, 'not_found']);
    }
  });

  it('do not resolve dots in a path', async () => {
    const sandbox = await start();
    const path = '/api/v0/team/roles/../members/5/';
    const call = request(`${sandbox.url}`, {
      path,
      method: 'DELETE',
      headers: { authorization: `Bearer ${sandbox.key}` },
    }).end();
    const [response] = await once(call, 'response');
    response.resume();
    expect(response.statusCode).toBe(404);
    expect(sandbox.requests[0]).toMatchObject({ method: 'DELETE', path });
    const encoded = await ask(sandbox, 'DELETE', '/api/v0/team/roles/..%2Fmembers%2F5/');
    expect([encoded.status, encoded.json.msg]).toEqual([404, 'Role not found.']);
  });

  it('reject a body that is not a JSON object', async () => {
    const sandbox = await start();
    for (const body of ['{"name":', '[]', '"x"', 'null', '7']) {
      const { status, json } = await ask(sandbox, 'POST', '/api/v0/auth/apikeys/', { body });
      expect([body, status, json.success]).toEqual([body, 400, false]);
    }
    expect(sandbox.keys()).toHaveLength(2);
  });

  it('reject a body over the limit, with or without its length announced', async () => {
    const sandbox = await start();
    const body = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
    expect((await ask(sandbox, 'POST', '/api/v0/auth/apikeys/', { body })).status).toBe(413);
    const call = request(`${sandbox.url}/api/v0/auth/apikeys/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.key}`, 'transfer-encoding': 'chunked' },
    });
    call.on('error', () => {});
    call.end(body);
    const [response] = await once(call, 'response');
    response.resume();
    expect(response.statusCode).toBe(413);
    expect(sandbox.keys()).toHaveLength(2);
  });
});

describe('a caller that disconnects', () => {
  it('changes nothing and does not affect others', async () => {
    const sandbox = await start();
    const call = request(`${sandbox.url}/api/v0/auth/apikeys/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.key}`, 'content-length': '1000' },
    });
    call.on('error', () => {});
    call.write('{"name":');
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    call.destroy();
    expect((await ask(sandbox, 'GET', USER)).status).toBe(200);
    expect(sandbox.requests[0]).toMatchObject({ method: 'POST', status: null });
    expect(sandbox.keys()).toHaveLength(2);
  });
});

describe('the rate limit', () => {
  it('responds with 429 in plain text, without Retry-After, per route and user', async () => {
    const sandbox = await start({ rateLimits: { 'GET /api/v0/auth/apikeys/': 3600 } });
    const other = sandbox.addKey({ name: null, userId: 654321 });
    const path = '/api/v0/auth/apikeys/';
    expect((await ask(sandbox, 'GET', path)).status).toBe(200);
    const { status, text, headers } = await ask(sandbox, 'GET', path);
    expect([status, text]).toEqual([429, 'API requests too frequent: endpoint threshold=3600.0']);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(headers.has('retry-after')).toBe(false);
    expect((await ask(sandbox, 'POST', path, { body: { name: 'n' } })).status).toBe(200);
    expect((await ask(sandbox, 'GET', path, { key: other.value })).status).toBe(200);
  });

  it('responds with 429 as JSON with detail if quirks say so', async () => {
    const sandbox = await start({
      rateLimits: { [`GET ${USER}`]: 3600.5 },
      quirks: { tooFrequent: 'detail' },
    });
    await ask(sandbox, 'GET', USER);
    expect((await ask(sandbox, 'GET', USER)).json).toEqual({
      detail: 'API requests too frequent endpoint threshold=3600.5',
    });
  });

  it('is the documented one when it is on, and off by default', async () => {
    const limited = await start({ rateLimits: true });
    const free = await start();
    const reset = { body: { client_id: 'me' } };
    const first = await ask(limited, 'PUT', '/api/v0/commands/reset_apikey/', reset);
    const again = await ask(limited, 'PUT', '/api/v0/commands/reset_apikey/', {
      ...reset,
      key: first.json.new_api_key,
    });
    expect(again.text).toBe('API requests too frequent: endpoint threshold=3.0');
    for (let n = 0; n < 3; n += 1) expect((await ask(free, 'GET', '/api/v0/auth/apikeys/')).status).toBe(200);
  });

  it('counts all ids of a route together', async () => {
    const sandbox = await start({ rateLimits: true });
    const keys = [sandbox.addKey({ name: 'a' }), sandbox.addKey({ name: 'b' })];
    const statuses: number[] = [];
    for (const { id } of keys)
      statuses.push((await ask(sandbox, 'DELETE', `/api/v0/auth/apikeys/${id}/`)).status);
    expect(statuses).toEqual([200, 429]);
  });

  it('accepts the next request once the time is over', async () => {
    const sandbox = await start({ rateLimits: { [`GET ${USER}`]: 0.02 } });
    await ask(sandbox, 'GET', USER);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ask(sandbox, 'GET', USER)).status).toBe(200);
  });
});
