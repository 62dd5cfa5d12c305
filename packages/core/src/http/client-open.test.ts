import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve, serveRaw } from './test-support/loopback-server.js';
import { GET, opened, textOf } from './test-support/open.js';

const KIB = 1024;

describe('an opened response', () => {
  it('has the bytes that came', async () => {
    for (const text of [
      '{ "a": 12345678901234567890, "b": 1.0e+2 }\n',
      'INFO started\n',
      '',
      '"x"',
      'ü\r\n',
    ]) {
      const { status, error, text: read } = await opened((response) => response.end(text));
      expect([status, error, read]).toEqual([200, undefined, text]);
    }
  });

  it('has the bytes of a body that is not text', async () => {
    const bytes = Buffer.from(Array.from({ length: 200 * KIB }, (_, at) => (at * 7919) % 251));
    const { url } = await serve((response) => response.end(bytes));
    const { body } = await clientFor(url).open(GET);
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  it('is decompressed', async () => {
    const text = JSON.stringify({ a: 'b'.repeat(300 * KIB) });
    const { text: read } = await opened((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
    );
    expect(read).toBe(text);
  });

  it.each([
    [403, { success: false, msg: 'Not authorized.' }, 'forbidden'],
    [404, { success: false, error: 'auth_error', msg: 'Invalid user key' }, 'key_rejected'],
    [410, { error: 'deprecated_endpoint', msg: 'Use /api/v1/x/ instead.' }, 'api_error'],
    [200, { success: false, msg: 'It did not work.' }, 'api_error'],
    [500, { msg: 'oops' }, 'unreachable'],
  ])('tells the error of a %i with %j, and still has its body', async (status, body, code) => {
    const { error, text, status: read } = await opened((response) => json(response, body, status));
    expect([error?.code, read, text]).toEqual([code, status, JSON.stringify(body)]);
  });

  it('tells an error that is not of the API', async () => {
    const { error, text } = await opened((response) => response.writeHead(403).end('<html>Blocked</html>'));
    expect([error?.code, text]).toEqual(['unreachable', '<html>Blocked</html>']);
  });

  it.each([
    [200, 'text/html; charset=utf-8', '<html>Sign in</html>'],
    [200, 'text/plain', ' \n<!DOCTYPE html><title>Sign in</title>'],
    [201, 'text/html', '<p>Sign in'],
  ])('does not take a page for a result: %i, %s', async (status, type, page) => {
    const { error, text } = await opened((response) =>
      response.writeHead(status, { 'content-type': type }).end(page),
    );
    expect([error?.code, text]).toEqual(['unreachable', page]);
  });

  it.each([
    ['text/html', '{"a":1}'],
    ['text/html', 'OK'],
    ['text/xml', '<html-report/>'],
  ])('takes what only looks like a page for what it is: %s, %s', async (type, body) => {
    const { error } = await opened((response) => response.writeHead(200, { 'content-type': type }).end(body));
    expect(error).toBeUndefined();
  });

  it('arrives while the server still sends, and may be of any length', async () => {
    let finish = () => {};
    const { url } = await serve((response) => {
      response.write(`["${'x'.repeat(200 * KIB)}",`);
      finish = () => response.end(`"${'y'.repeat(11 * KIB * KIB)}"]`);
    });
    const { body } = await clientFor(url).open(GET);
    let length = 0;
    for await (const part of body) {
      if (length === 0) finish();
      length += part.length;
    }
    expect(length).toBe(200 * KIB + 11 * KIB * KIB + 7);
  });

  it('holds little of what it passes on', async () => {
    const row = Buffer.from(`${JSON.stringify({ id: 1, name: 'some name', key: null })},`.repeat(2000));
    const { url } = await serve((response) => {
      let left = 100 * KIB * KIB;
      response.write('[');
      const more = () => {
        while (left > 0) {
          left -= row.length;
          if (!response.write(row)) return void response.once('drain', more);
        }
        response.end('0]');
      };
      more();
    });
    const { body } = await clientFor(url).open(GET);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let length = 0;
    for await (const part of body) {
      length += part.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(length).toBeGreaterThan(100 * KIB * KIB);
    // Garbage is collected late.
    expect(most).toBeLessThan(80 * KIB * KIB);
  });

  it('fails if it breaks off, also in a success that is short', async () => {
    for (const sent of [10, 200 * KIB]) {
      const { url } = await serveRaw((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sent + 5}\r\n\r\n${'x'.repeat(sent)}`);
        setTimeout(() => socket.destroy(), 50);
      });
      const read = async () => textOf((await clientFor(url).open(GET)).body);
      expect(await errorOf(read())).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    }
  });

  it('fails if nothing more comes in time, however long it took before', async () => {
    const { url } = await serve((response) => void response.write('x'.repeat(200 * KIB)));
    const { body } = await clientFor(url, { timeoutMs: 300 }).open(GET);
    expect(await errorOf(textOf(body))).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('sent nothing more within 0.3 s'),
    });
  });

  it('is not late because its reader is slow', async () => {
    const { url } = await serve((response) => response.end('x'.repeat(2000 * KIB)));
    const { body } = await clientFor(url, { timeoutMs: 250 }).open(GET);
    let length = 0;
    for await (const part of body) {
      if (length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
      length += part.length;
    }
    expect(length).toBe(2000 * KIB);
  });

  it('ends when it is interrupted', async () => {
    const { url } = await serve((response) => void response.write('x'.repeat(200 * KIB)));
    const interruption = new AbortController();
    const { body } = await clientFor(url, { signal: interruption.signal }).open(GET);
    const reading = errorOf(textOf(body));
    interruption.abort();
    expect(await reading).toMatchObject({ code: 'interrupted' });
  });

  it('lets its connection go when it is closed, read or not, or when its reader stops', async () => {
    const use = [
      async (_: AsyncIterable<Uint8Array>, close: () => void) => close(),
      async (body: AsyncIterable<Uint8Array>) => {
        for await (const _ of body) break;
      },
    ];
    for (const finish of use) {
      let isClosed = false;
      const { url } = await serve((response) => {
        response.on('close', () => {
          isClosed = true;
        });
        response.write('x'.repeat(200 * KIB));
      });
      const { body, close } = await clientFor(url).open(GET);
      await finish(body, close);
      await expect.poll(() => isClosed).toBe(true);
    }
  });

  it('follows redirects within the origin only', async () => {
    const { text, seen } = await opened((response, count) =>
      count === 1 ? response.writeHead(301, { location: '/api/v0/y/' }).end() : response.end('{}'),
    );
    expect([text, seen.map(({ path }) => path)]).toEqual(['{}', ['/api/v0/x/', '/api/v0/y/']]);
    const { url } = await serve((response) =>
      response.writeHead(302, { location: 'https://evil.example/' }).end(),
    );
    expect((await errorOf(clientFor(url).open(GET))).message).toContain('The key is not sent there');
  });

  it('waits for its turn after a 429, and repeats nothing that may have acted', async () => {
    const limited = (response: ServerResponse, count: number) =>
      count === 1
        ? response.writeHead(429).end('API requests too frequent: endpoint threshold=0.1')
        : response.end('{}');
    const post = { method: 'POST', path: '/api/v0/x/' };
    expect((await opened(limited, post, { retries: 1 })).seen).toHaveLength(2);
    const refused = await opened(limited, GET);
    expect([refused.error?.code, refused.text]).toEqual([
      'rate_limited',
      'API requests too frequent: endpoint threshold=0.1',
    ]);
    const { error, seen } = await opened((response) => json(response, {}, 503), post, { retries: 3 });
    expect([error?.code, seen.length]).toEqual(['unreachable', 1]);
  });
});
