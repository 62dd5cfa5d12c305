import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY_TEXT, serve } from './test-support/loopback-server.js';

const ALL = [301, 302, 303, 307, 308];

describe('a redirect within the origin', () => {
  it.each(ALL)('is followed by GET on %i, with the key', async (status) => {
    const { url, seen } = await serve((response, { path }) =>
      path === '/a' ? response.writeHead(status, { location: '/a/' }).end('moved') : json(response, 'here'),
    );
    expect(await clientFor(url).request({ method: 'GET', path: '/a' })).toBe('here');
    expect(seen.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
      ['GET', '/a', `Bearer ${KEY_TEXT}`],
      ['GET', '/a/', `Bearer ${KEY_TEXT}`],
    ]);
  });

  it.each([307, 308])('is followed by POST, PUT and DELETE on %i, with the same body', async (status) => {
    const { url, seen } = await serve((response, { path }) =>
      path === '/a'
        ? response.writeHead(status, { location: `${url.origin}/a/#part` }).end()
        : json(response, 'here'),
    );
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      expect(await clientFor(url).request({ method, path: '/a', body: { name: 'n' } })).toBe('here');
      expect(seen.at(-1)).toMatchObject({ method, path: '/a/', body: '{"name":"n"}' });
    }
    expect(seen).toHaveLength(6);
  });

  it.each([301, 302, 303])(
    'is not followed by POST, PUT and DELETE on %i, and they may have taken effect',
    async (status) => {
      const { url, seen } = await serve((response) => response.writeHead(status, { location: '/a/' }).end());
      for (const method of ['POST', 'PUT', 'DELETE'] as const) {
        const error = await errorOf(clientFor(url, { retries: 3 }).request({ method, path: '/a' }));
        expect(error).toMatchObject({ code: 'unreachable', status, outcomeUnknown: true });
      }
      expect(seen).toHaveLength(3);
    },
  );

  it('is followed five times and no more', async () => {
    const { url, seen } = await serve((response, { path }) => {
      const step = Number(path.slice(1));
      if (step === 5) json(response, 'here');
      else response.writeHead(307, { location: `/${step + 1}` }).end();
    });
    expect(await clientFor(url).request({ method: 'GET', path: '/0' })).toBe('here');
    seen.length = 0;
    const error = await errorOf(clientFor(url, { retries: 3 }).request({ method: 'POST', path: '/-1' }));
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: expect.stringContaining('more than 5'),
    });
    expect(seen).toHaveLength(6);
  });

  it('ends a loop', async () => {
    const { url, seen } = await serve((response) => response.writeHead(302, { location: '/' }).end());
    expect((await errorOf(clientFor(url, { retries: 3 }).request({ method: 'GET', path: '/' }))).code).toBe(
      'unreachable',
    );
    expect(seen).toHaveLength(6);
  });

  it('without a valid target is an error', async () => {
    for (const headers of [{}, { location: 'http://[broken' }]) {
      const { url } = await serve((response) => response.writeHead(301, headers).end());
      expect(await errorOf(clientFor(url).request({ method: 'GET', path: '/' }))).toMatchObject({
        code: 'unreachable',
        status: 301,
      });
    }
  });

  it('to a URL with the key in it does not show the key if it is interrupted', async () => {
    const stop = new AbortController();
    const { url, seen } = await serve((response, { path }) => {
      if (path === '/a') response.writeHead(307, { location: `/${KEY_TEXT}/` }).end();
      else stop.abort();
    });
    const client = clientFor(url, { signal: stop.signal });
    const error = await errorOf(client.request({ method: 'POST', path: '/a' }));
    expect(seen).toHaveLength(2);
    expect(error).toMatchObject({ code: 'interrupted', message: expect.stringContaining('POST /…A1b2/') });
    expect(error.stack).not.toContain(KEY_TEXT);
  });

  it('shares one time limit with the request', async () => {
    const { url } = await serve((response) =>
      setTimeout(() => response.writeHead(307, { location: '/' }).end(), 120),
    );
    const error = await errorOf(clientFor(url, { timeoutMs: 300 }).request({ method: 'GET', path: '/' }));
    expect(error.message).toContain('within 0.3 s');
  });
});

describe('a redirect to another origin', () => {
  it.each(ALL)('is not followed on %i, whatever differs', async (status) => {
    const other = await serve((response) => json(response, 'stolen'));
    const places = [
      `${other.url.origin}/`,
      `//${other.url.host}/`,
      `http://localhost:${other.url.port}/`,
      `https://127.0.0.1:${other.url.port}/`,
      'http://127.0.0.1.evil.example/',
      'https://console.vast.ai/',
      'file:///etc/passwd',
      'data:application/json,1',
    ];
    for (const place of places) {
      const { url, seen } = await serve((response) => response.writeHead(status, { location: place }).end());
      for (const method of ['GET', 'POST'] as const) {
        const error = await errorOf(clientFor(url, { retries: 3 }).request({ method, path: '/' }));
        expect(error).toMatchObject({
          code: 'unreachable',
          status,
          message: expect.stringContaining('The key is not sent there'),
        });
      }
      expect(seen).toHaveLength(2);
    }
    expect(other.seen).toEqual([]);
  });

  it('can also be the same host with another scheme or a login', async () => {
    const { url, seen } = await serve((response, { path }) =>
      response
        .writeHead(308, {
          location: path === '/login' ? `http://me:hunter2@${url.host}/` : `https://${url.host}/`,
        })
        .end(),
    );
    for (const path of ['/login', '/scheme']) {
      const error = await errorOf(clientFor(url).request({ method: 'PUT', path }));
      expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
      expect(error.message).toContain('The key is not sent there');
      expect(error.stack).not.toContain('hunter2');
    }
    expect(seen).toHaveLength(2);
  });

  it('does not show the key that it carries', async () => {
    const { url } = await serve((response) =>
      response
        .writeHead(302, {
          location: `https://${KEY_TEXT.toLowerCase().replace('_', '-')}.example/${KEY_TEXT}`,
        })
        .end(),
    );
    const error = await errorOf(clientFor(url).request({ method: 'GET', path: '/' }));
    expect(`${error.message} ${error.stack}`).not.toContain(KEY_TEXT);
  });
});
