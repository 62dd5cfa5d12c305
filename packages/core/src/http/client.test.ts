import { describe, expect, it } from 'vitest';
import { Client, type ClientOptions } from './client.js';
import type { ObservedRequest, ObservedResponse } from './observer.js';
import { path } from './path.js';
import { clientFor, errorOf, json, KEY, KEY_TEXT, serve } from './test-support/loopback-server.js';

describe('what a client sends', () => {
  it('sends GET with the key in a header and no body', async () => {
    const { url, seen } = await serve((response) => json(response, { id: 1 }));
    expect(
      await clientFor(url, { userAgent: 'vastai-cli/1.2.3' }).request({
        method: 'GET',
        path: '/api/v0/users/current/',
      }),
    ).toEqual({ id: 1 });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'GET', path: '/api/v0/users/current/', body: '' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY_TEXT}`,
      accept: 'application/json',
      'user-agent': 'vastai-cli/1.2.3',
      host: url.host,
    });
    expect(seen[0]?.headers['content-type']).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'DELETE'] as const)(
    'sends the body of %s as JSON, by default {}',
    async (method) => {
      const { url, seen } = await serve((response) => json(response, 'done'));
      const client = clientFor(url);
      await client.request({ method, path: '/a/', body: { name: 'ü', list: [1] } });
      expect(await client.request({ method, path: path`/a/${'b c'}/` })).toBe('done');
      expect(seen.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
        { method, path: '/a/', body: '{"name":"ü","list":[1]}' },
        { method, path: '/a/b%20c/', body: '{}' },
      ]);
      expect(seen[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(seen[0]?.body ?? '')),
      });
    },
  );

  it('rejects a path that is not normalized', async () => {
    const { url, seen } = await serve((response) => json(response, {}));
    for (const path of [
      '',
      'x',
      '//evil.example/',
      '/a/../b/',
      '/a/%2e%2e/b/',
      '/a\\b',
      '/a#b',
      'https://evil.example/',
      '/ü/',
      '/a b/',
    ]) {
      expect((await errorOf(clientFor(url).request({ method: 'GET', path }))).code).toBe('usage');
    }
    expect(seen).toEqual([]);
  });

  it('never puts the key into a URL', async () => {
    const { url, seen } = await serve((response) => json(response, {}));
    const error = await errorOf(
      clientFor(url).request({ method: 'GET', path: path`/api/v0/auth/apikeys/${KEY_TEXT}/` }),
    );
    expect(error.code).toBe('usage');
    expect(error.stack).not.toContain(KEY_TEXT);
    expect(seen).toEqual([]);
  });
});

describe('the options of a client', () => {
  const options: ClientOptions = {
    baseUrl: new URL('https://console.vast.ai'),
    key: KEY,
    keySource: 'flag …A1b2',
    retries: 0,
    timeoutMs: 1000,
  };

  it.each([
    'http://console.vast.ai',
    'http://10.0.0.1',
    'http://127.0.0.1.evil.example',
    'ftp://127.0.0.1',
    'https://user:hunter2@console.vast.ai',
  ])('rejects %s', async (url) => {
    const error = await errorOf(
      Promise.resolve().then(() => new Client({ ...options, baseUrl: new URL(url) })),
    );
    expect(error.code).toBe('usage');
    expect(error.stack).not.toContain('hunter2');
  });

  it.each([
    'https://console.vast.ai',
    'https://10.0.0.1:8443',
    'http://127.0.0.1:1',
    'http://localhost:1',
    'http://[::1]:1',
  ])('takes %s', (url) => {
    expect(new Client({ ...options, baseUrl: new URL(url) })).toBeInstanceOf(Client);
  });
});

describe('the results of a client', () => {
  it('masks the key wherever a response contains it, however it is escaped', async () => {
    const escaped = [...KEY_TEXT]
      .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
    const { url } = await serve((response) =>
      response.end(`{"a":"${KEY_TEXT}","b":["x${escaped}x"],"${KEY_TEXT}":1}`),
    );
    expect(await clientFor(url).request({ method: 'GET', path: '/' })).toEqual({
      a: '…A1b2',
      b: ['x…A1b2x'],
      '…A1b2': 1,
    });
  });

  it.each([
    [400, `{"msg":"bad key ${KEY_TEXT}"}`],
    [401, `unknown key ${KEY_TEXT}`],
    [404, `{"error":"auth_error","msg":"Invalid user key ${KEY_TEXT}"}`],
    [200, `{"success":false,"msg":"${KEY_TEXT}"}`],
    [500, KEY_TEXT],
    [200, `not JSON ${KEY_TEXT}`],
  ])('masks the key in the error of a %i', async (status, body) => {
    const { url } = await serve((response) => response.writeHead(status).end(body));
    const error = await errorOf(clientFor(url).request({ method: 'GET', path: '/' }));
    expect(`${error.message} ${error.hint} ${error.stack} ${JSON.stringify(error)}`).not.toContain(KEY_TEXT);
  });

  it('leaves the prototypes of objects alone', async () => {
    const { url } = await serve((response) =>
      response.end('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    );
    const response = await clientFor(url).request({ method: 'GET', path: '/' });
    expect(Object.getPrototypeOf(response)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('names the key and the request in an API error', async () => {
    const { url } = await serve((response) =>
      json(response, { success: false, error: 'auth_error', msg: 'Invalid user key' }, 404),
    );
    const error = await errorOf(
      clientFor(url).request({ method: 'DELETE', path: '/api/v0/auth/apikeys/5/' }),
    );
    expect(error).toMatchObject({
      code: 'key_rejected',
      status: 404,
      source: 'VAST_API_KEY …A1b2',
      request: { method: 'DELETE', path: '/api/v0/auth/apikeys/5/' },
    });
  });
});

describe('what a client shows', () => {
  it('shows each request and response with every secret masked', async () => {
    const made = 'f00d'.repeat(16);
    const { url } = await serve((response) => {
      response.setHeader('set-cookie', 'session=hunter2');
      response.setHeader('x-echo', KEY_TEXT);
      json(response, { id: 1, key: made, note: `yours is ${KEY_TEXT}` });
    });
    const requests: ObservedRequest[] = [];
    const responses: ObservedResponse[] = [];
    const observer = {
      onRequest: (request: ObservedRequest) => requests.push(request),
      onResponse: (response: ObservedResponse) => responses.push(response),
    };
    const body = { name: 'ci', password: 'hunter2', code: '123456', mine: KEY_TEXT };
    await clientFor(url, { observer }).request({ method: 'POST', path: '/api/v0/x/', body });
    expect(requests).toEqual([
      {
        method: 'POST',
        url: `${url.origin}/api/v0/x/`,
        headers: {
          Accept: 'application/json',
          'Accept-Encoding': 'gzip',
          Authorization: 'Bearer …A1b2',
          'Content-Type': 'application/json',
          'User-Agent': 'vastai-cli',
        },
        body: { name: 'ci', password: '…', code: '…', mine: '…A1b2' },
      },
    ]);
    expect(responses).toMatchObject([
      {
        status: 200,
        headers: { 'set-cookie': '…', 'x-echo': '…A1b2' },
        body: { id: 1, key: '…', note: 'yours is …A1b2' },
      },
    ]);
    expect(JSON.stringify([requests, responses])).not.toMatch(
      new RegExp(`${KEY_TEXT}|${made}|hunter2|123456`),
    );
  });

  it('shows part of a response that is not JSON, without its secrets', async () => {
    const { url } = await serve((response) =>
      response.end(`{"key": "${'f00d'.repeat(16)}", "api_key": "hunter2`),
    );
    const responses: ObservedResponse[] = [];
    await errorOf(
      clientFor(url, { observer: { onResponse: (response) => responses.push(response) } }).request({
        method: 'GET',
        path: '/',
      }),
    );
    expect(responses[0]?.body).toBe('{"key": "…", "api_key": "…');
  });
});
