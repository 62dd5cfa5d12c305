import { describe, expect, it } from 'vitest';
import { Client, type ClientOptions } from './client.js';
import { clientFor, errorOf, json, KEY, serve, serveRaw } from './test-support/loopback-server.js';

const METHODS = ['POST', 'PUT', 'DELETE'] as const;

/** What there is of an answer when its connection is closed: nothing, or a part of either kind of body. */
const BROKEN_OFF = [
  '',
  'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"a":',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n',
];

/** Notes the waits that a client announces. */
function waits(): { list: number[]; observer: NonNullable<ClientOptions['observer']> } {
  const list: number[] = [];
  return { list, observer: { onWait: (milliseconds) => list.push(milliseconds) } };
}

describe('GET', () => {
  it('is repeated after 502, 503 and 504, half a second later', async () => {
    await Promise.all(
      [502, 503, 504].map(async (status) => {
        const { url, seen } = await serve((response, _, count) =>
          json(response, { count }, count === 1 ? status : 200),
        );
        const { list, observer } = waits();
        expect(await clientFor(url, { retries: 3, observer }).request({ method: 'GET', path: '/' })).toEqual({
          count: 2,
        });
        expect(seen).toHaveLength(2);
        expect(list).toEqual([500]);
      }),
    );
  });

  it('is repeated as often as it was asked for, each wait twice as long', async () => {
    const { url, seen } = await serve((response) => json(response, {}, 503));
    const { list, observer } = waits();
    const error = await errorOf(
      clientFor(url, { retries: 2, observer }).request({ method: 'GET', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'unreachable', status: 503, outcomeUnknown: false });
    expect(seen).toHaveLength(3);
    expect(list).toEqual([500, 1000]);
  });

  it('is repeated three times where nothing else is said, and the key is named by its last characters', async () => {
    const refusal = { success: false, error: 'forbidden', msg: 'Not for this key.' };
    const { url } = await serve((response, _, count) => json(response, refusal, count < 4 ? 503 : 403));
    const { list, observer } = waits();
    const client = new Client({ key: KEY, baseUrl: url, observer });
    const error = await errorOf(client.request({ method: 'GET', path: '/' }));
    expect(error).toMatchObject({ code: 'forbidden', source: `API key ${KEY}` });
    expect(list).toEqual([500, 1000, 2000]);
  });

  it('is sent once with no retries', async () => {
    const { url, seen } = await serve((response) => json(response, {}, 503));
    await errorOf(clientFor(url, { retries: 0 }).request({ method: 'GET', path: '/' }));
    expect(seen).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 500, 501, 505])('is not repeated after %i', async (status) => {
    const { url, seen } = await serve((response) => json(response, {}, status));
    await errorOf(clientFor(url, { retries: 3 }).request({ method: 'GET', path: '/' }));
    expect(seen).toHaveLength(1);
  });

  it('is repeated after a connection that was closed before or during an answer', async () => {
    await Promise.all(
      BROKEN_OFF.map(async (start) => {
        const { url, count } = await serveRaw((socket, count) =>
          socket.end(count === 1 ? start : 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}'),
        );
        const { list, observer } = waits();
        expect(await clientFor(url, { retries: 3, observer }).request({ method: 'GET', path: '/' })).toEqual({
          a: 1,
        });
        expect(count()).toBe(2);
        expect(list).toEqual([500]);
      }),
    );
  });

  it('is repeated after an attempt that took too long, in its body too', async () => {
    await Promise.all(
      ['', '{"a":'].map(async (start) => {
        const { url, seen } = await serve((response, _, count) => {
          if (count > 1) json(response, 'done');
          else if (start !== '') response.write(start);
        });
        const client = clientFor(url, { retries: 1, timeoutMs: 300 });
        expect(await client.request({ method: 'GET', path: '/' })).toBe('done');
        expect(seen).toHaveLength(2);
      }),
    );
  });
});

describe.each(METHODS)('%s', (method) => {
  it.each([500, 502, 503, 504])('is not repeated after %i, and may have taken effect', async (status) => {
    const { url, seen } = await serve((response) => json(response, {}, status));
    const error = await errorOf(clientFor(url, { retries: 3 }).request({ method, path: '/' }));
    expect(error).toMatchObject({ code: 'unreachable', status, outcomeUnknown: true });
    expect(seen).toHaveLength(1);
  });

  it('is not repeated after a connection that was closed before or during the answer', async () => {
    for (const start of [
      '',
      'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"a":',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n',
    ]) {
      const { url, count } = await serveRaw((socket) => socket.end(start));
      const error = await errorOf(clientFor(url, { retries: 3 }).request({ method, path: '/' }));
      expect(error).toMatchObject({
        code: 'unreachable',
        outcomeUnknown: true,
        message: expect.stringContaining('may have taken effect'),
      });
      expect(count()).toBe(1);
    }
  });

  it('is not repeated after an attempt that took too long', async () => {
    const { url, seen } = await serve(() => {});
    const error = await errorOf(
      clientFor(url, { retries: 3, timeoutMs: 150 }).request({ method, path: '/' }),
    );
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    expect(error.message).toContain('did not answer within 0.15 s');
    expect(seen).toHaveLength(1);
  });

  it('is repeated after 429, since the server refused to act', async () => {
    const { url, seen } = await serve((response, _, count) =>
      count === 1
        ? response.writeHead(429).end('API requests too frequent: endpoint threshold=0.05')
        : json(response, 'done'),
    );
    expect(await clientFor(url, { retries: 1 }).request({ method, path: '/' })).toBe('done');
    expect(seen.map((request) => request.body)).toEqual(['{}', '{}']);
  });
});

describe('429', () => {
  it.each([
    ['plain text', 'API requests too frequent: endpoint threshold=0.2'],
    ['JSON', '{"detail":"API requests too frequent endpoint threshold=0.2"}'],
  ])('in %s is waited out for the threshold that it names', async (_, body) => {
    const { url, seen } = await serve((response, _request, count) =>
      count === 1 ? response.writeHead(429).end(body) : json(response, 'done'),
    );
    const { list, observer } = waits();
    expect(await clientFor(url, { retries: 1, observer }).request({ method: 'GET', path: '/' })).toBe('done');
    expect(seen).toHaveLength(2);
    expect(list).toHaveLength(1);
    expect(list[0]).toBeGreaterThan(190);
    expect(list[0]).toBeLessThan(210);
  });

  it('without a threshold is waited out for a second, then two', async () => {
    const { url, seen } = await serve((response) => response.writeHead(429).end('slow down'));
    const stop = new AbortController();
    const list: number[] = [];
    const onWait = (milliseconds: number) => list.push(milliseconds) === 2 && stop.abort();
    await errorOf(
      clientFor(url, { retries: 2, signal: stop.signal, observer: { onWait } }).request({
        method: 'POST',
        path: '/',
      }),
    );
    expect(list).toEqual([1000, 2000]);
    expect(seen).toHaveLength(2);
  });

  it('ends in an error when the retries are used up', async () => {
    const { url, seen } = await serve((response) =>
      response.writeHead(429).end('API requests too frequent: endpoint threshold=0.01'),
    );
    const error = await errorOf(clientFor(url, { retries: 2 }).request({ method: 'PUT', path: '/' }));
    expect(error).toMatchObject({
      code: 'rate_limited',
      status: 429,
      message: expect.stringContaining('threshold=0.01'),
    });
    expect(seen).toHaveLength(3);
  });

  it('is not waited out when it asks for more than a minute', async () => {
    const { url, seen } = await serve((response) => response.writeHead(429).end('endpoint threshold=86400'));
    const error = await errorOf(clientFor(url, { retries: 3 }).request({ method: 'GET', path: '/' }));
    expect(error.code).toBe('rate_limited');
    expect(seen).toHaveLength(1);
  });

  it('comes once only, however many requests of its route follow', async () => {
    let last = Number.NEGATIVE_INFINITY;
    let refused = 0;
    const { url, seen } = await serve((response, request) => {
      const early = request.at - last < 200;
      if (early) refused += 1;
      else last = request.at;
      if (early) response.writeHead(429).end('API requests too frequent: endpoint threshold=0.2');
      else json(response, 'done');
    });
    const client = clientFor(url, { retries: 3 });
    await client.request({ method: 'GET', path: '/warm-up/' });
    last = Number.NEGATIVE_INFINITY;
    for (let id = 1; id <= 6; id += 1)
      await client.request({ method: 'DELETE', path: `/api/v0/auth/apikeys/${id}/` });
    expect(refused).toBe(1);
    expect(seen).toHaveLength(8);
  });

  it('is remembered by the client that met it, and by no other', async () => {
    const { url } = await serve((response, _, count) =>
      count === 1 ? response.writeHead(429).end('endpoint threshold=50') : json(response, 'done'),
    );
    await errorOf(clientFor(url).request({ method: 'GET', path: '/' }));
    const { list, observer } = waits();
    expect(await clientFor(url, { observer }).request({ method: 'GET', path: '/' })).toBe('done');
    expect(list).toEqual([]);
  });
});

describe('interrupting', () => {
  it('ends a wait at once', async () => {
    const { url, seen } = await serve((response) => response.writeHead(429).end('endpoint threshold=50'));
    const stop = new AbortController();
    const observer = { onWait: () => stop.abort() };
    const error = await errorOf(
      clientFor(url, { retries: 3, signal: stop.signal, observer }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'interrupted', outcomeUnknown: false });
    expect(seen).toHaveLength(1);
  });

  it.each(METHODS)('ends %s under way, and says that it may have taken effect', async (method) => {
    const stop = new AbortController();
    const { url, seen } = await serve(() => stop.abort());
    const error = await errorOf(
      clientFor(url, { retries: 3, signal: stop.signal }).request({ method, path: '/x/' }),
    );
    expect(error).toMatchObject({
      code: 'interrupted',
      outcomeUnknown: true,
      message: expect.stringContaining(`${method} /x/`),
    });
    expect(seen).toHaveLength(1);
  });

  it.each(METHODS)('lets an answer to %s that is on its way still count', async (method) => {
    const stop = new AbortController();
    const { url, seen } = await serve((response) => {
      stop.abort();
      setTimeout(() => json(response, { done: true }), 20);
    });
    const client = clientFor(url, { retries: 3, signal: stop.signal });
    expect(await client.request({ method, path: '/x/' })).toEqual({ done: true });
    expect(await errorOf(client.request({ method, path: '/x/' }))).toMatchObject({
      code: 'interrupted',
      outcomeUnknown: false,
    });
    expect(seen).toHaveLength(1);
  });

  describe('a request that is seen through', () => {
    const seenThrough = 'Look for it.';

    it.each(METHODS)(
      'goes on after the first signal, and tells at once what is at stake (%s)',
      async (method) => {
        const stop = new AbortController();
        const told: string[] = [];
        const { url, seen } = await serve((response) => {
          stop.abort();
          setTimeout(() => json(response, { told: told.length }), 400);
        });
        const observer = { onInterrupted: (advice: string) => told.push(advice) };
        const client = clientFor(url, { retries: 3, signal: stop.signal, observer });
        expect(await client.request({ method, path: '/x/', seenThrough })).toEqual({ told: 1 });
        expect(told).toEqual([seenThrough]);
        expect(seen).toHaveLength(1);
      },
    );

    it.each(METHODS)('ends by what gives it up (%s)', async (method) => {
      const [stop, givingUp] = [new AbortController(), new AbortController()];
      const { url } = await serve(() => stop.abort());
      const observer = { onInterrupted: () => givingUp.abort() };
      const client = clientFor(url, { signal: stop.signal, givingUp: givingUp.signal, observer });
      expect(await errorOf(client.request({ method, path: '/x/', seenThrough }))).toMatchObject({
        code: 'interrupted',
        outcomeUnknown: true,
      });
    });

    it.each(METHODS)('fails as it would have without a signal (%s)', async (method) => {
      const stop = new AbortController();
      const hanging = await serve(() => stop.abort());
      const slow = clientFor(hanging.url, { signal: stop.signal, timeoutMs: 300, retries: 3 });
      expect(await errorOf(slow.request({ method, path: '/x/', seenThrough }))).toMatchObject({
        code: 'unreachable',
        outcomeUnknown: true,
        message: expect.stringContaining('did not answer within 0.3 s'),
      });
      const later = new AbortController();
      const broken = await serve((response) => {
        later.abort();
        response.destroy();
      });
      const cut = clientFor(broken.url, { signal: later.signal, retries: 3 });
      expect(await errorOf(cut.request({ method, path: '/x/', seenThrough }))).toMatchObject({
        code: 'unreachable',
        outcomeUnknown: true,
      });
    });

    it('ends at once where nothing can have been done', async () => {
      const stop = new AbortController();
      const { url, seen } = await serve((response) => {
        stop.abort();
        response.writeHead(429).end('endpoint threshold=50');
      });
      const client = clientFor(url, { signal: stop.signal, retries: 3 });
      expect(await errorOf(client.request({ method: 'POST', path: '/x/', seenThrough }))).toMatchObject({
        code: 'interrupted',
        outcomeUnknown: false,
      });
      expect(seen).toHaveLength(1);
    });
  });

  it('follows no redirect and repeats nothing afterwards', async () => {
    await Promise.all(
      [307, 429].map(async (status) => {
        const stop = new AbortController();
        const { url, seen } = await serve((response) => {
          stop.abort();
          response.writeHead(status, { Location: '/y/' }).end('endpoint threshold=0.01');
        });
        const error = await errorOf(
          clientFor(url, { retries: 3, signal: stop.signal }).request({ method: 'DELETE', path: '/x/' }),
        );
        expect(error).toMatchObject({ code: 'interrupted', outcomeUnknown: false });
        expect(seen).toHaveLength(1);
      }),
    );
  });

  it('ends GET in the middle of its answer', async () => {
    const stop = new AbortController();
    const { url } = await serve((response) => {
      response.write('{"a":');
      setTimeout(() => stop.abort(), 50);
    });
    const error = await errorOf(
      clientFor(url, { retries: 3, signal: stop.signal }).request({ method: 'GET', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'interrupted', outcomeUnknown: false });
  });

  it('sends nothing when it was interrupted before', async () => {
    const { url, seen } = await serve((response) => json(response, {}));
    const error = await errorOf(
      clientFor(url, { signal: AbortSignal.abort() }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'interrupted', outcomeUnknown: false });
    expect(seen).toEqual([]);
  });
});
