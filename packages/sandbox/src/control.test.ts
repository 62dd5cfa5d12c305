import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../test-support/ask.js';
import { type Sandbox, startSandbox } from './server.js';

const USER = '/api/v0/users/current/';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

async function control(method: string, path: string, body?: unknown, token = sandbox.controlToken) {
  const response = await fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    headers: { 'x-sandbox-token': token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as { success?: boolean } };
}

describe('the control routes', () => {
  it('set and clear faults', async () => {
    const fault = { kind: 'answer', status: 503 };
    expect((await control('POST', '/faults', { route: `GET ${USER}`, fault, times: 'always' })).status).toBe(
      200,
    );
    expect((await ask(sandbox, 'GET', USER)).status).toBe(503);
    expect((await ask(sandbox, 'GET', USER)).status).toBe(503);
    expect((await control('DELETE', '/faults')).status).toBe(200);
    expect((await ask(sandbox, 'GET', USER)).status).toBe(200);
  });

  it('apply a fault once by default', async () => {
    await control('POST', '/faults', { route: `GET ${USER}`, fault: { kind: 'junk' } });
    expect((await ask(sandbox, 'GET', USER)).json).toBeUndefined();
    expect((await ask(sandbox, 'GET', USER)).json.id).toBe(123456);
  });

  it('list the requests so far with keys masked, but no control requests', async () => {
    await ask(sandbox, 'GET', `${USER}?api_key=${sandbox.key}`);
    const { json } = await control('GET', '/requests');
    expect(json).toEqual([`GET ${USER}?api_key=…${sandbox.key.slice(-4)} (key 40) -> 200`]);
  });

  it('do not exist without the token', async () => {
    const body = { route: `GET ${USER}`, fault: { kind: 'drop' } };
    for (const token of ['', 'wrong', sandbox.key]) {
      expect((await control('POST', '/faults', body, token)).status).toBe(404);
      expect((await control('GET', '/requests', undefined, token)).status).toBe(404);
    }
    expect((await ask(sandbox, 'GET', USER)).status).toBe(200);
  });

  it.each([
    [undefined],
    [[]],
    [{ route: `GET ${USER}` }],
    [{ fault: { kind: 'drop' } }],
    [{ route: 'nowhere', fault: { kind: 'drop' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'nonsense' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'constructor' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'latency' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'latency', ms: 'long' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'answer', status: 99 } }],
    [{ route: `GET ${USER}`, fault: { kind: 'redirect', to: '/x', status: 200 } }],
    [{ route: `GET ${USER}`, fault: { kind: 'drop', color: 'red' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'drop', constructor: 'x' } }],
    [{ route: `GET ${USER}`, fault: { kind: 'latency', ms: 2 ** 31 } }],
    [{ route: `GET ${USER}`, fault: { kind: 'drop' }, times: 0 }],
    [{ route: `GET ${USER}`, fault: { kind: 'drop' }, times: 'often' }],
  ])('reject %j', async (body) => {
    const { status, json } = await control('POST', '/faults', body);
    expect([status, json.success]).toEqual([400, false]);
    expect((await ask(sandbox, 'GET', USER)).status).toBe(200);
  });
});
