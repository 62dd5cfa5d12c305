import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from './test-support/loopback-server.js';

const METHODS = ['POST', 'PUT', 'DELETE'] as const;

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

  it.each(METHODS)('accepts a response to %s that is about to arrive', async (method) => {
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

    it.each(METHODS)('ends on givingUp (%s)', async (method) => {
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
        message: expect.stringContaining('did not respond within 0.3 s'),
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

  it('follows no redirect and retries nothing afterwards', async () => {
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

  it('ends GET in the middle of its response', async () => {
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

  it('sends nothing if it was interrupted before', async () => {
    const { url, seen } = await serve((response) => json(response, {}));
    const error = await errorOf(
      clientFor(url, { signal: AbortSignal.abort() }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'interrupted', outcomeUnknown: false });
    expect(seen).toEqual([]);
  });
});
