import { describe, expect } from 'vitest';
import { it, startRun } from './support/run.js';

const SHOW = '/api/v0/users/current/';
const ROUTE = `GET ${SHOW}`;
const INSTANCE = '/api/v0/instances/42/';

describe('a response', () => {
  it('masks every key, and changes nothing else', async () => {
    const run = await startRun();
    const { key } = run.sandbox;
    const other = 'b'.repeat(64);
    const body = `{ "id":12345678901234567890, "price": 1.10, "api_key": "${other}" ,"list":[{"key":"${other}","n":null}],
  "ssh_key": "ssh-rsa AAAA", "key": "ssh-ed25519 AAAA me", "session_key":"x", "new_api_key" : "${other}", "keys": "kept",
  "api_key": ["a","b"], "after": "kept", "note": "the key ${key}!", "${key}": 1, "ap\\u0069_key": "hidden",
  "base64": "${Buffer.from(`u:${key}`).toString('base64')}", "upper": "${key.toUpperCase()}", "quote": "a\\"${key}\\\\" }`;
    run.sandbox.fault(ROUTE, { kind: 'answer', status: 200, body, headers: { 'content-type': 'text/html' } });
    const { text, headers } = await run.ask('GET', SHOW);
    const mask = `…${key.slice(-4)}`;
    expect(text).toBe(
      body
        .replace(
          `"base64": "${Buffer.from(`u:${key}`).toString('base64')}"`,
          () => /"base64": "[^"]*"/u.exec(text)?.[0] ?? '',
        )
        .replace(key.toUpperCase(), mask)
        .replaceAll(key, mask)
        .replaceAll(other, '…')
        .replace('"session_key":"x"', '"session_key":"…"')
        .replace('["a","b"]', '["…","…"]')
        .replace('"hidden"', '"…"'),
    );
    expect(text).not.toContain(Buffer.from(key).toString('base64').slice(4, 60));
    expect(headers['content-type']).toBe('application/json');
  });

  it('that is nothing but a key is masked as a whole', async () => {
    const run = await startRun({}, { quirks: { showKey: 'value' } });
    const { id, value } = run.sandbox.addKey({ name: 'other' });
    const { status, text } = await run.ask('GET', `/api/v0/auth/apikeys/${id}/`);
    expect([status, text]).toEqual([200, '"…"']);
    expect(value).toHaveLength(64);
  });

  it('contains none of the headers of the API', async () => {
    const run = await startRun();
    const headers = {
      'set-cookie': 'a=b',
      location: 'https://evil.example/',
      'x-key': run.sandbox.key,
      'access-control-allow-origin': '*',
    };
    run.sandbox.fault(ROUTE, { kind: 'answer', status: 200, body: {}, headers });
    const answer = await run.ask('GET', SHOW);
    expect(Object.keys(answer.headers).sort()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'keep-alive',
      'x-content-type-options',
    ]);
  });

  it('with an error passes as it is, as text too', async () => {
    const run = await startRun();
    const bodies: [number, unknown][] = [
      [404, { success: false, error: 'auth_error', msg: `Invalid user key ${run.sandbox.key}` }],
      [503, 'try again'],
      [502, '<html>bad gateway</html>'],
      [400, ''],
    ];
    for (const [status, body] of bodies) {
      run.sandbox.fault(ROUTE, { kind: 'answer', status, body });
      const answer = await run.ask('GET', SHOW);
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain(run.sandbox.key);
    }
  });
});

describe('no proper response', () => {
  it('is an error in the form of the API, and nothing is sent again', async () => {
    const run = await startRun({ timeoutMs: 500 });
    const faults = [
      { kind: 'junk' },
      { kind: 'drop' },
      { kind: 'truncate' },
      { kind: 'stall' },
      { kind: 'answer', status: 200, body: 'not JSON' },
      { kind: 'answer', status: 200, body: '{"a":' },
    ] as const;
    for (const method of ['GET', 'DELETE']) {
      for (const fault of faults) {
        const before = run.reached().length;
        // Reading is tried again if an old connection ends without a response: it may have been closed at the same time.
        const mayRepeat = method === 'GET' && fault.kind === 'drop';
        run.sandbox.fault(`${method} ${INSTANCE}`, fault, mayRepeat ? 2 : 1);
        const { status, text } = await run.ask(method, INSTANCE);
        expect({ fault, status }).toEqual({ fault, status: 502 });
        expect(JSON.parse(text)).toMatchObject({ success: false, error: 'broker_upstream' });
        expect(text).not.toContain(run.sandbox.key);
        expect(run.reached().length - before).toBe(mayRepeat ? 2 : 1);
      }
    }
    run.sandbox.clearFaults();
    expect((await run.ask('GET', INSTANCE)).status).toBe(200);
    await run.sandbox.close();
    expect((await run.ask('GET', INSTANCE)).status).toBe(502);
  });
});

describe('a redirect', () => {
  it('is followed inside, to another spelling of the same route', async () => {
    const run = await startRun();
    const { status, text, headers } = await run.ask('GET', '/api/v0/users/current?a=1');
    expect(status).toBe(200);
    expect(text).toContain('you@example.com');
    expect(headers.location).toBeUndefined();
    expect(run.reached()).toEqual(['GET /api/v0/users/current?a=1', `GET ${SHOW}?a=1`]);
  });

  it('to anywhere else is an error, and does not reach the program', async () => {
    const other = await startRun();
    const run = await startRun();
    const targets = [
      `${other.sandbox.url}${INSTANCE}`,
      `https://evil.example${INSTANCE}`,
      '//evil.example/api/v0/instances/42/',
      '/api/v0/instances/43/',
      '/api/v0/users/current/',
      '/api/v0/instances/42/../43/',
      '/api/v0/instances/%34%33/',
      '/login',
      INSTANCE,
      'http://[',
    ];
    for (const to of targets) {
      run.sandbox.clearFaults();
      run.sandbox.fault(`GET ${INSTANCE}`, { kind: 'redirect', to }, Number.POSITIVE_INFINITY);
      const { status, headers, text } = await run.ask('GET', INSTANCE);
      expect({ to, status, location: headers.location }).toEqual({ to, status: 502, location: undefined });
      expect(text).not.toContain('evil');
    }
    for (const status of [301, 302, 303, 307, 308] as const) {
      run.sandbox.clearFaults();
      run.sandbox.fault(`DELETE ${INSTANCE}`, { kind: 'redirect', to: '/api/v0/instances/43/', status });
      expect((await run.ask('DELETE', INSTANCE)).status).toBe(502);
    }
    expect(other.reached()).toEqual([]);
    expect(new Set(run.reached())).toEqual(new Set([`GET ${INSTANCE}`, `DELETE ${INSTANCE}`]));
  });
});
