import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, serve } from './test-support/loopback-server.js';

const MIB = 1024 * 1024;

/** Serves a body with headers, and returns what a client makes of it. */
async function answerOf(
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  status = 200,
  method: 'GET' | 'POST' = 'GET',
) {
  const { url, seen } = await serve((response) => response.writeHead(status, headers).end(body));
  const promise = clientFor(url, { retries: 2 }).request({ method, path: '/' });
  return { promise, seen };
}

async function failureOf(...parameters: Parameters<typeof answerOf>) {
  const { promise, seen } = await answerOf(...parameters);
  const error = await errorOf(promise);
  expect(seen).toHaveLength(1);
  return error;
}

describe('the body of a response', () => {
  it.each([
    ['{"a":[1,2.5,null,"ü"]}', { a: [1, 2.5, null, 'ü'] }],
    ['"Successfully Deleted API Key"', 'Successfully Deleted API Key'],
    ['\ufeff[]', []],
    ['null', null],
  ])('reads %s', async (body, value) => {
    expect(await (await answerOf(body)).promise).toEqual(value);
  });

  it('may be empty with 204', async () => {
    expect(await (await answerOf('', {}, 204)).promise).toBeNull();
  });

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['x-gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['identity', '{"a":1}'],
  ])('unpacks %s', async (encoding, body) => {
    expect(await (await answerOf(body, { 'content-encoding': encoding })).promise).toEqual({ a: 1 });
  });

  it.each([
    ['a page', '<html>hello</html>'],
    ['nothing', ''],
    ['half of it', '{"id": 12'],
    ['two values', '{} {}'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['a nesting that no stack can hold', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('is rejected if it is %s', async (_, body) => {
    expect(await failureOf(body)).toMatchObject({ code: 'unreachable', status: 200, outcomeUnknown: false });
    expect(await failureOf(body, {}, 200, 'POST')).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: true,
    });
  });

  it('is rejected if its compression breaks off, even after complete JSON', async () => {
    const whole = gzipSync('{"a":1}', { level: 0 });
    const error = await failureOf(whole.subarray(0, whole.length - 8), { 'content-encoding': 'gzip' });
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('compression is damaged'),
    });
  });

  it('is rejected if its compression is damaged or unknown', async () => {
    expect((await failureOf('{"a":1}', { 'content-encoding': 'gzip' })).code).toBe('unreachable');
    expect((await failureOf('{"a":1}', { 'content-encoding': 'rot13' })).code).toBe('unreachable');
  });

  it('is read up to 10 MiB', async () => {
    const text = 'x'.repeat(10 * MIB - 2);
    expect(await (await answerOf(`"${text}"`)).promise).toHaveLength(10 * MIB - 2);
    expect(await failureOf(`"${text}x"`)).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('10 MiB'),
    });
  });

  it('is decompressed up to 10 MiB', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB, ' '));
    expect(bomb.length).toBeLessThan(MIB);
    const error = await failureOf(bomb, { 'content-encoding': 'gzip' }, 200, 'POST');
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('10 MiB'),
      outcomeUnknown: true,
    });
  });

  it('is not read on once it is too long', async () => {
    let closed = false;
    const { url } = await serve((response) => {
      response.on('close', () => {
        closed = true;
      });
      const chunk = Buffer.alloc(MIB, ' ');
      const more = () => {
        while (!closed && response.write(chunk)) {}
        if (!closed) response.once('drain', more);
      };
      more();
    });
    expect((await errorOf(clientFor(url).request({ method: 'GET', path: '/' }))).message).toContain('10 MiB');
    await expect.poll(() => closed).toBe(true);
  });

  it('does not hide the error status that it came with', async () => {
    expect(
      await failureOf(gzipSync('busy').subarray(0, 5), { 'content-encoding': 'gzip' }, 500),
    ).toMatchObject({ code: 'unreachable', status: 500 });
    expect(await failureOf('<html>', {}, 404)).toMatchObject({ code: 'unreachable', status: 404 });
    expect(await failureOf(new Uint8Array([0xff]), {}, 401)).toMatchObject({
      code: 'unreachable',
      status: 401,
    });
  });
});
