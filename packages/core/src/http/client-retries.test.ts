import { describe, expect, it } from 'vitest';
import { Client, type ClientOptions } from './client.js';
import { clientFor, errorOf, json, KEY, serve, serveRaw } from './test-support/loopback-server.js';

const METHODS = ['POST', 'PUT', 'DELETE'] as const;

/** The part of a response that arrives before its connection is closed: nothing, or some of either kind of body. */
const BROKEN_OFF = [
  '',
  'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"a":',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n',
];

/** Records the waits that a client announces. */
function waits(): { list: number[]; observer: NonNullable<ClientOptions['observer']> } {
  const list: number[] = [];
  return { list, observer: { onWait: (milliseconds) => list.push(milliseconds) } };
}

describe('GET', () => {
  it('is retried half a second after 502, 503 and 504', async () => {
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

  it('is retried as often as requested, doubling each wait', async () => {
    const { url, seen } = await serve((response) => json(response, {}, 503));
    const { list, observer } = waits();
    const error = await errorOf(
      clientFor(url, { retries: 2, observer }).request({ method: 'GET', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'unreachable', status: 503, outcomeUnknown: false });
    expect(seen).toHaveLength(3);
    expect(list).toEqual([500, 1000]);
  });

  it('is retried three times by default, and the error names the key by its last characters', async () => {
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

  it.each([400, 401, 403, 404, 500, 501, 505])('is not retried after %i', async (status) => {
    const { url, seen } = await serve((response) => json(response, {}, status));
    await errorOf(clientFor(url, { retries: 3 }).request({ method: 'GET', path: '/' }));
    expect(seen).toHaveLength(1);
  });

  it('is retried after a connection that was closed before or during the response', async () => {
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

  it('is retried after an attempt that timed out, even in its body', async () => {
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
  it.each([500, 502, 503, 504])('is not retried after %i, and may have taken effect', async (status) => {
    const { url, seen } = await serve((response) => json(response, {}, status));
    const error = await errorOf(clientFor(url, { retries: 3 }).request({ method, path: '/' }));
    expect(error).toMatchObject({ code: 'unreachable', status, outcomeUnknown: true });
    expect(seen).toHaveLength(1);
  });

  it('is not retried after a connection that was closed before or during the response', async () => {
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

  it('is not retried after an attempt that timed out', async () => {
    const { url, seen } = await serve(() => {});
    const error = await errorOf(
      clientFor(url, { retries: 3, timeoutMs: 150 }).request({ method, path: '/' }),
    );
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    expect(error.message).toContain('did not respond within 0.15 s');
    expect(seen).toHaveLength(1);
  });

  it('is retried after 429, because the server has not acted', async () => {
    const { url, seen } = await serve((response, _, count) =>
      count === 1
        ? response.writeHead(429).end('API requests too frequent: endpoint threshold=0.05')
        : json(response, 'done'),
    );
    expect(await clientFor(url, { retries: 1 }).request({ method, path: '/' })).toBe('done');
    expect(seen.map((request) => request.body)).toEqual(['{}', '{}']);
  });
});
