import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { makeCertificate } from '@vastai-cli/testing/checkout/certificates';
import { describe, expect, it } from 'vitest';
import { requestInProcess } from './test-support/client-process.js';
import {
  clientFor,
  errorOf,
  json,
  KEY_TEXT,
  listen,
  serve,
  serveRaw,
} from './test-support/loopback-server.js';

const FAR = new URL('https://console.vast.ai');

/** Starts a proxy for one test, which records its requests. */
async function serveProxy(
  response: (socket: Socket, count: number) => void,
  secure?: { key: Buffer; cert: Buffer },
) {
  const asked: { target: string; login: string | undefined }[] = [];
  const heard: Buffer[] = [];
  const server = secure === undefined ? createHttpServer() : createHttpsServer(secure);
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push({ target: request.url ?? '', login: request.headers['proxy-authorization'] });
    socket.on('error', () => {}).on('data', (chunk: Buffer) => heard.push(chunk));
    response(socket, asked.length);
  });
  const url = await listen(server, secure === undefined ? 'http' : 'https');
  return { url, asked, heard: () => Buffer.concat(heard).toString('latin1') };
}

/** Starts an https API that only a proxy can reach. It closes the connection on PUT. */
async function serveApi() {
  const certificate = await makeCertificate('valid');
  const keys: (string | undefined)[] = [];
  const api = createHttpsServer(certificate, (request, response) => {
    keys.push(request.headers.authorization);
    if (request.method === 'PUT') request.socket.destroy();
    else response.end('"through the tunnel"');
  });
  const { port } = await listen(api, 'https');
  const tunnel = (socket: Socket) => {
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  };
  return { certificate, keys, tunnel };
}

describe('a proxy', () => {
  it('is asked for a tunnel to the API, and hears neither the key nor the request', async () => {
    const { certificate, keys, tunnel } = await serveApi();
    const proxy = await serveProxy(tunnel);
    const environment = {
      NODE_EXTRA_CA_CERTS: certificate.file,
      HTTPS_PROXY: `http://me:hunter%202@${proxy.url.host}`,
      // The debug output of libraries must not show anything either.
      DEBUG: '*',
      NODE_DEBUG: '*',
    };
    const { outcome, output } = await requestInProcess(
      { url: 'https://api.vast.test', method: 'POST' },
      environment,
    );
    expect(outcome).toEqual({ value: 'through the tunnel' });
    expect(keys).toEqual([`Bearer ${KEY_TEXT}`]);
    const login = `Basic ${Buffer.from('me:hunter 2').toString('base64')}`;
    expect(proxy.asked).toEqual([{ target: 'api.vast.test:443', login }]);
    expect(proxy.heard()).not.toMatch(/Bearer|api\/v0/);
    expect(output).not.toMatch(new RegExp(`${KEY_TEXT}|hunter|${login}`));
  });

  it('does not hide that a request reached the API if the response is lost', async () => {
    const { certificate, keys, tunnel } = await serveApi();
    const proxy = await serveProxy(tunnel);
    const environment = { NODE_EXTRA_CA_CERTS: certificate.file, ALL_PROXY: proxy.url.host };
    const request = { url: 'https://api.vast.test', method: 'PUT', retries: 3 } as const;
    const { outcome } = await requestInProcess(request, environment);
    expect(outcome.error).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    expect(keys).toHaveLength(1);
  });

  it('can itself be reached over https', async () => {
    const { certificate, keys, tunnel } = await serveApi();
    const proxy = await serveProxy(tunnel, certificate);
    const environment = { NODE_EXTRA_CA_CERTS: certificate.file, https_proxy: proxy.url.href };
    const { outcome } = await requestInProcess(
      { url: 'https://api.vast.test:8443', method: 'GET' },
      environment,
    );
    expect(outcome).toEqual({ value: 'through the tunnel' });
    expect(keys).toHaveLength(1);
    expect(proxy.asked.map(({ target }) => target)).toEqual(['api.vast.test:8443']);
  });

  it('does not change who sees the key, not even with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    const { certificate, keys, tunnel } = await serveApi();
    const open = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const plain = await serveProxy(tunnel);
    const request = { url: 'https://api.vast.test', method: 'GET' } as const;
    const through = await requestInProcess(request, { HTTPS_PROXY: plain.url.href, ...open });
    expect(through.outcome.error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    expect(plain.asked).toHaveLength(1);
    const secure = await serveProxy(tunnel, certificate);
    const to = await requestInProcess(request, { HTTPS_PROXY: secure.url.href, ...open });
    expect(to.outcome.error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    expect(secure.asked).toEqual([]);
    expect(keys).toEqual([]);
  });

  it('with an untrusted certificate is named instead of the API', async () => {
    const certificate = await makeCertificate('valid');
    const proxy = await serveProxy((socket) => socket.destroy(), certificate);
    const error = await errorOf(
      clientFor(FAR, { environment: { HTTPS_PROXY: proxy.url.href } }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: expect.stringContaining(`The certificate of the proxy ${proxy.url.host} is not trusted`),
    });
    expect(error.message).not.toContain(FAR.host);
  });

  it('is not blamed for the certificate of the API behind it', async () => {
    const { certificate, tunnel } = await serveApi();
    const proxy = await serveProxy(tunnel);
    const { outcome } = await requestInProcess(
      { url: 'https://other.vast.test', method: 'POST' },
      { NODE_EXTRA_CA_CERTS: certificate.file, HTTPS_PROXY: proxy.url.href },
    );
    expect(outcome.error?.message).toBe(
      'The certificate of https://other.vast.test belongs to another host. The key was not sent.',
    );
  });

  it('whose name is not known is named, and its login is not', async () => {
    const environment = { HTTPS_PROXY: 'http://me:hunter2@proxy.invalid:3128' };
    const error = await errorOf(clientFor(FAR, { environment }).request({ method: 'POST', path: '/' }));
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(error.message).toContain('The address of the proxy proxy.invalid:3128 could not be found');
    expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain('hunter2');
  });

  it('that rejects a login gets a different hint from one without a login', async () => {
    const proxy = await serveProxy((socket) => socket.end('HTTP/1.1 407 No\r\n\r\n'));
    const hintWith = async (login: string) => {
      const environment = { HTTPS_PROXY: `http://${login}${proxy.url.host}` };
      return (await errorOf(clientFor(FAR, { environment }).request({ method: 'POST', path: '/' }))).hint;
    };
    expect(await hintWith('')).toContain('Set them in the proxy variable');
    expect(await hintWith('me:hunter2@')).toContain('rejects those');
  });

  it('may open the tunnel with any status of success', async () => {
    const { certificate, keys, tunnel } = await serveApi();
    const proxy = await serveProxy((socket) => {
      const write = socket.write.bind(socket) as (data: unknown) => boolean;
      socket.write = ((data: unknown) =>
        write(
          `${data}`.startsWith('HTTP/1.1 200') ? 'HTTP/1.0 201 Made\r\nVia: x\r\n\r\n' : data,
        )) as Socket['write'];
      tunnel(socket);
    });
    const { outcome } = await requestInProcess(
      { url: 'https://api.vast.test', method: 'GET' },
      { NODE_EXTRA_CA_CERTS: certificate.file, HTTPS_PROXY: proxy.url.href },
    );
    expect(outcome).toEqual({ value: 'through the tunnel' });
    expect(keys).toHaveLength(1);
  });

  it.each([
    [403, 'refused the connection (403)'],
    [404, 'refused the connection (404)'],
    [407, 'requires a user name and a password'],
  ])('that answers %i is not mistaken for the API', async (status, words) => {
    const body = '{"success":false,"error":"auth_error","msg":"Invalid user key"}';
    const proxy = await serveProxy((socket) =>
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    );
    const environment = { HTTPS_PROXY: `http://me:hunter2@${proxy.url.host}` };
    const error = await errorOf(
      clientFor(FAR, { retries: 3, environment }).request({ method: 'POST', path: '/' }),
    );
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: expect.stringContaining(words),
    });
    expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain('hunter2');
    expect(proxy.asked.map(({ target }) => target)).toEqual(['console.vast.ai:443']);
    expect(proxy.heard()).toBe('');
  });

  it.each(['GET', 'POST'] as const)(
    'that cannot reach the API just now is asked again for %s',
    async (method) => {
      const proxy = await serveProxy((socket, count) =>
        socket.end(`HTTP/1.1 ${count === 1 ? 502 : 403} No\r\n\r\n`),
      );
      const error = await errorOf(
        clientFor(FAR, { retries: 1, environment: { HTTPS_PROXY: proxy.url.href } }).request({
          method,
          path: '/',
        }),
      );
      expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
      expect(proxy.asked).toHaveLength(2);
    },
  );

  it('that closes the connection or sends junk counts as a connection that was never made', async () => {
    for (const greeting of ['', 'HTTP/1.1 200', 'junk\r\n\r\n']) {
      const { url, count } = await serveRaw((socket) => socket.end(greeting));
      const error = await errorOf(
        clientFor(FAR, { retries: 0, environment: { HTTPS_PROXY: url.href } }).request({
          method: 'POST',
          path: '/',
        }),
      );
      expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
      expect(count()).toBe(1);
    }
  });

  it('that is unreachable is named', async () => {
    const error = await errorOf(
      clientFor(FAR, { environment: { HTTPS_PROXY: 'http://me:hunter2@127.0.0.1:1' } }).request({
        method: 'POST',
        path: '/',
      }),
    );
    expect(error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: expect.stringContaining('through the proxy 127.0.0.1:1'),
    });
    expect(error.stack).not.toContain('hunter2');
  });

  it('that never responds does not delay a request beyond the time limit', async () => {
    const { url } = await serveRaw(() => {});
    const { outcome } = await requestInProcess(
      { url: FAR.href, method: 'POST', timeoutMs: 200 },
      { HTTPS_PROXY: url.href },
    );
    expect(outcome.error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: expect.stringContaining('within 0.2 s'),
    });
  });

  it('is not used for loopback', async () => {
    const proxy = await serveProxy((socket) => socket.destroy());
    const { url, seen } = await serve((response) => json(response, 'direct'));
    const environment = { HTTPS_PROXY: proxy.url.href, ALL_PROXY: proxy.url.href };
    expect(await clientFor(url, { environment }).request({ method: 'GET', path: '/' })).toBe('direct');
    expect(seen).toHaveLength(1);
    expect(proxy.asked).toEqual([]);
  });

  it('of an unknown kind stops the request before it starts', async () => {
    const error = await errorOf(
      clientFor(FAR, { environment: { ALL_PROXY: 'socks5://me:hunter2@127.0.0.1:1080' } }).request({
        method: 'GET',
        path: '/',
      }),
    );
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('ALL_PROXY') });
    expect(`${error.hint} ${error.stack}`).not.toContain('hunter2');
  });
});
