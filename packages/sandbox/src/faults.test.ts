import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../test-support/ask.js';
import { Faults } from './faults.js';
import { type Sandbox, startSandbox } from './server.js';

const KEYS = '/api/v0/auth/apikeys/';
const CREATE = `POST ${KEYS}`;
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const create = () => ask(sandbox, 'POST', KEYS, { body: { name: 'ci' } });
const keysMade = () => sandbox.keys().length - 2;

describe('a fault', () => {
  it.each([
    [false, 0],
    [true, 1],
  ])('drops the connection (acts: %s)', async (acts, made) => {
    sandbox.fault(CREATE, { kind: 'drop', acts });
    await expect(create()).rejects.toThrow();
    expect(keysMade()).toBe(made);
    expect(sandbox.requests).toMatchObject([{ method: 'POST', body: { name: 'ci' }, status: null }]);
    expect((await create()).status).toBe(200);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('responds with its own status (acts: %s)', async (acts, made) => {
    sandbox.fault(CREATE, { kind: 'answer', status: 502, body: 'Bad Gateway', acts });
    const { status, text } = await create();
    expect([status, text, keysMade()]).toEqual([502, 'Bad Gateway', made]);
    expect(sandbox.requests[0]?.status).toBe(502);
  });

  it('responds with JSON and headers, or without a body', async () => {
    sandbox.fault(CREATE, { kind: 'answer', status: 400, body: { message: 'no' }, headers: { 'x-a': 'b' } });
    const { json, headers } = await create();
    expect([json, headers.get('x-a'), headers.get('content-type')]).toEqual([
      { message: 'no' },
      'b',
      'application/json',
    ]);
    sandbox.fault(CREATE, { kind: 'answer', status: 504 });
    expect((await create()).text).toBe('');
  });

  it('responds with a page of HTML', async () => {
    sandbox.fault(CREATE, { kind: 'junk', acts: true });
    const { status, json, headers } = await create();
    expect([status, json, keysMade()]).toEqual([200, undefined, 1]);
    expect(headers.get('content-type')).toContain('text/html');
  });

  it('cuts off the body', async () => {
    sandbox.fault(CREATE, { kind: 'truncate' });
    const { statusCode, text, complete } = await rawCreate();
    expect(statusCode).toBe(200);
    expect(text).toMatch(/^\{"success":true/u);
    expect(complete).toBe(false);
    expect(keysMade()).toBe(1);
  });

  it('stops in the middle of the body', async () => {
    sandbox.fault(CREATE, { kind: 'stall' });
    const response = await startCreate();
    const [chunk] = await once(response, 'data');
    expect(String(chunk)).toMatch(/^\{"success":true/u);
    expect(response.complete).toBe(false);
    response.on('error', () => {});
    await sandbox.close();
  });

  it('sends more than a client should read', async () => {
    sandbox.fault(CREATE, { kind: 'oversize', bytes: 200_000 });
    const { status, json, headers } = await create();
    expect([status, json.padding.length, headers.has('content-length')]).toEqual([200, 200_000, false]);
    sandbox.fault(CREATE, { kind: 'oversize' });
    const response = await startCreate();
    response.on('error', () => {});
    await once(response, 'data');
    response.destroy();
    expect((await create()).status).toBe(200);
  });

  it('redirects', async () => {
    sandbox.fault(CREATE, { kind: 'redirect', to: 'http://127.0.0.1:9/elsewhere' });
    const { status, headers } = await create();
    expect([status, headers.get('location'), keysMade()]).toEqual([307, 'http://127.0.0.1:9/elsewhere', 0]);
  });

  it('delays a request that then succeeds', async () => {
    sandbox.fault(CREATE, { kind: 'latency', ms: 5 });
    expect((await create()).json.id).toBe(42);
  });

  it('delays a response until the sandbox closes at the latest', async () => {
    sandbox.fault(CREATE, { kind: 'latency', ms: 3_600_000, acts: true });
    const pending = create().then(
      () => 'response',
      () => 'no response',
    );
    while (keysMade() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await sandbox.close();
    expect(await pending).toBe('no response');
  });

  it('applies as often as it is set for, the oldest first, until it is cleared', async () => {
    sandbox.fault(CREATE, { kind: 'answer', status: 502 }, 2);
    sandbox.fault('* /api/*', { kind: 'answer', status: 503 }, Number.POSITIVE_INFINITY);
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await create()).status);
    sandbox.clearFaults();
    statuses.push((await create()).status);
    expect(statuses).toEqual([502, 502, 503, 503, 200]);
  });
});

describe('the route of a fault', () => {
  const hits = (route: string, method: string, path: string) => {
    const faults = new Faults();
    faults.add(route, { kind: 'drop' }, 1);
    return faults.take(method, path) !== undefined;
  };

  it.each([
    ['GET /a/b/', 'GET', '/a/b', true],
    ['GET /a/b', 'GET', '/a/b/', true],
    ['GET /a/b', 'POST', '/a/b', false],
    ['* /a/b', 'PUT', '/a/b', true],
    ['GET /a/*', 'GET', '/a/b/c/', true],
    ['GET /a/*', 'GET', '/b', false],
    ['GET *', 'GET', '/b', true],
    ['GET /a/{id}/', 'GET', '/a/5/', true],
    ['GET /a/{id}/', 'GET', '/a/5/6/', false],
    ['GET /a.b', 'GET', '/axb', false],
    ['GET /a{b', 'GET', '/a{b', true],
  ])('%s matches %s %s: %s', (route, method, path, expected) => {
    expect(hits(route, method, path)).toBe(expected);
  });

  it('must be valid', () => {
    const faults = new Faults();
    for (const route of ['', 'GET', '/a', 'get /a', 'GET a', 'GET /a b']) {
      expect(() => faults.add(route, { kind: 'drop' }, 1)).toThrow('is not a route');
    }
    for (const times of [0, -1, 1.5, Number.NaN]) {
      expect(() => faults.add('GET /a', { kind: 'drop' }, times)).toThrow('positive whole number');
    }
  });
});

async function startCreate() {
  const call = request(`${sandbox.url}${KEYS}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.key}`, 'content-type': 'application/json' },
  });
  call.end('{"name":"ci"}');
  const [response] = await once(call, 'response');
  return response as import('node:http').IncomingMessage;
}

async function rawCreate() {
  const response = await startCreate();
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  response.on('error', () => {});
  await new Promise((resolve) => response.once('close', resolve));
  return { statusCode: response.statusCode, text, complete: response.complete };
}
