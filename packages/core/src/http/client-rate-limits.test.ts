import { describe, expect, it } from 'vitest';
import type { ClientOptions } from './client.js';
import { clientFor, errorOf, json, serve } from './test-support/loopback-server.js';

/** Records the waits that a client announces. */
function waits(): { list: number[]; observer: NonNullable<ClientOptions['observer']> } {
  const list: number[] = [];
  return { list, observer: { onWait: (milliseconds) => list.push(milliseconds) } };
}

describe('429', () => {
  it.each([
    ['plain text', 'API requests too frequent: endpoint threshold=0.2'],
    ['JSON', '{"detail":"API requests too frequent endpoint threshold=0.2"}'],
  ])('in %s is followed by a wait of its threshold', async (_, body) => {
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

  it('without a threshold is followed by a wait of one second, then two', async () => {
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

  it('is an error when the retries are used up', async () => {
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

  it('is an error if it asks for more than a minute', async () => {
    const { url, seen } = await serve((response) => response.writeHead(429).end('endpoint threshold=86400'));
    const error = await errorOf(clientFor(url, { retries: 3 }).request({ method: 'GET', path: '/' }));
    expect(error.code).toBe('rate_limited');
    expect(seen).toHaveLength(1);
  });

  it('happens only once, however many requests of its route follow', async () => {
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

  it('is remembered by the client that received it, and by no other', async () => {
    const { url } = await serve((response, _, count) =>
      count === 1 ? response.writeHead(429).end('endpoint threshold=50') : json(response, 'done'),
    );
    await errorOf(clientFor(url).request({ method: 'GET', path: '/' }));
    const { list, observer } = waits();
    expect(await clientFor(url, { observer }).request({ method: 'GET', path: '/' })).toBe('done');
    expect(list).toEqual([]);
  });
});
