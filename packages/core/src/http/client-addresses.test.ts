import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { connect, type Server, type Socket } from 'node:net';
import { makeCertificate } from '@vastai-cli/testing/checkout/certificates';
import { hostsCanBeChanged } from '@vastai-cli/testing/hosts-file';
import { describe, expect, it } from 'vitest';
import { requestInProcess } from './test-support/client-process.js';
import { openSlowPort } from './test-support/full-backlog.js';
import { listen } from './test-support/loopback-server.js';

/** The broadcast address, to which no connection is possible. It fails like IPv6 on a machine without IPv6. */
const NOWHERE = '255.255.255.255';

type Certificate = Awaited<ReturnType<typeof makeCertificate>>;

async function serveApi(certificate: Certificate): Promise<number> {
  const server = createServer(certificate, (_, response) => response.end('"answered"'));
  return Number((await listen(server, 'https')).port);
}

/** Starts a proxy that connects every tunnel to one port of this machine. */
async function serveProxy(target: number, certificate?: Certificate): Promise<number> {
  const server = certificate === undefined ? createHttpServer() : createServer(certificate);
  server.on('connect', (_, socket: Socket) => {
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const each of [socket, onward]) each.on('error', () => {});
  });
  return Number((await listen(server as Server)).port);
}

describe.runIf(hostsCanBeChanged())('a name with several addresses', () => {
  it('is reached although one is slow to respond and the others are unreachable', async () => {
    const certificate = await makeCertificate('valid');
    const slow = await openSlowPort(await serveApi(certificate));
    const [{ outcome }] = await Promise.all([
      requestInProcess(
        {
          url: `https://api.vast.test:${slow.port}`,
          method: 'POST',
          hosts: ['127.0.0.1 api.vast.test', `${NOWHERE} api.vast.test`],
        },
        { NODE_EXTRA_CA_CERTS: certificate.file },
      ),
      slow.response(),
    ]);
    expect(outcome).toEqual({ value: 'answered' });
  });

  it.each(['http', 'https'])('is reached when it is the name of an %s proxy, too', async (scheme) => {
    const certificate = await makeCertificate('valid');
    const api = await serveApi(certificate);
    const slow = await openSlowPort(await serveProxy(api, scheme === 'https' ? certificate : undefined));
    const [{ outcome }] = await Promise.all([
      requestInProcess(
        {
          url: 'https://console.vast.ai',
          method: 'POST',
          hosts: ['127.0.0.1 api.vast.test', `${NOWHERE} api.vast.test`],
        },
        { NODE_EXTRA_CA_CERTS: certificate.file, HTTPS_PROXY: `${scheme}://api.vast.test:${slow.port}` },
      ),
      slow.response(),
    ]);
    expect(outcome).toEqual({ value: 'answered' });
  });

  it.each([
    ['does not answer', async (port: number) => void (await openSlowPort(port, { host: '127.0.0.2', port }))],
    ['refuses the connection', async () => {}],
  ])('is reached though the first of them %s', async (_, occupy) => {
    const certificate = await makeCertificate('valid');
    const port = await serveApi(certificate);
    await occupy(port);
    const { outcome } = await requestInProcess(
      {
        url: `https://api.vast.test:${port}`,
        method: 'POST',
        hosts: ['127.0.0.2 api.vast.test', '127.0.0.1 api.vast.test'],
      },
      { NODE_EXTRA_CA_CERTS: certificate.file },
    );
    expect(outcome).toEqual({ value: 'answered' });
  });

  it('is waited for as long as the time limit says', async () => {
    const { port } = await openSlowPort(1);
    const { outcome } = await requestInProcess(
      {
        url: `https://api.vast.test:${port}`,
        method: 'POST',
        timeoutMs: 1500,
        hosts: ['127.0.0.1 api.vast.test', `${NOWHERE} api.vast.test`],
      },
      {},
    );
    expect(outcome.error).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
      message: `https://api.vast.test:${port} could not be reached within 1.5 s.`,
    });
  });

  it('reports the error of the address that has a route', async () => {
    const { outcome } = await requestInProcess(
      {
        url: 'https://api.vast.test:1',
        method: 'POST',
        hosts: [`${NOWHERE} api.vast.test`, '127.0.0.1 api.vast.test'],
      },
      {},
    );
    expect(outcome.error?.message).toBe('https://api.vast.test:1 refused the connection.');
  });
});
