import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, KEY_TEXT, listen, serveRaw } from './test-support/loopback-server.js';

/** Returns a port on which nothing listens, because its server has just closed. */
async function closedPort(): Promise<URL> {
  const server = createServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

describe('a connection that is never made', () => {
  it.each(['GET', 'POST', 'PUT', 'DELETE'] as const)(
    'is tried again by %s, and nothing can have been done',
    async (method) => {
      const url = await closedPort();
      const waits: number[] = [];
      const observer = { onWait: (milliseconds: number) => waits.push(milliseconds) };
      const error = await errorOf(clientFor(url, { retries: 1, observer }).request({ method, path: '/' }));
      expect(error).toMatchObject({
        code: 'unreachable',
        outcomeUnknown: false,
        message: `${url.origin} refused the connection.`,
      });
      expect(error.hint).toContain('--url');
      expect(waits).toEqual([500]);
    },
  );

  it('reads well when the name of the host is not known', async () => {
    const error = await errorOf(
      clientFor(new URL('https://vast.invalid'), { timeoutMs: 5000 }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    expect(error.message).toContain('https://vast.invalid');
  });

  it('counts as never made if TLS is not established in time', async () => {
    const { url, count } = await serveRaw(() => {});
    const secure = new URL(`https://${url.host}`);
    const error = await errorOf(clientFor(secure, { timeoutMs: 150 }).request({ method: 'POST', path: '/' }));
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    expect(error.message).toContain('could not be reached within 0.15 s');
    expect(count()).toBe(1);
  });
});

describe('a server that speaks something else', () => {
  it.each([
    'SSH-2.0-OpenSSH_9.6\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
  ])('is not a valid response: %j', async (greeting) => {
    const { url, count } = await serveRaw((socket) => socket.end(greeting));
    const error = await errorOf(clientFor(url, { retries: 3 }).request({ method: 'POST', path: '/' }));
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: true,
      message: expect.stringContaining('did not respond with HTTP'),
    });
    expect(count()).toBe(1);
  });

  it('is not a valid response over https either, and never sees the key', async () => {
    const heard: Buffer[] = [];
    const { url, count } = await serveRaw((socket) => {
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const error = await errorOf(
      clientFor(new URL(`https://${url.host}`), { retries: 3 }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: expect.stringContaining('TLS with'),
    });
    expect(count()).toBe(1);
    expect(Buffer.concat(heard).toString('latin1')).not.toContain(KEY_TEXT);
  });

  it('is rejected if its headers are too large', async () => {
    const { url, count } = await serveRaw((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n{}`),
    );
    expect((await errorOf(clientFor(url, { retries: 3 }).request({ method: 'GET', path: '/' }))).code).toBe(
      'unreachable',
    );
    expect(count()).toBe(1);
  });
});
