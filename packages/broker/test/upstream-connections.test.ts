import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { makeCertificate } from '@vastai-cli/testing/checkout/certificates';
import { describe, expect } from 'vitest';
import { startBrokerProcess } from './support/broker-process.js';
import { it } from './support/run.js';
import { listening } from './support/upstream.js';

const SHOW = '/api/v0/instances/42/';
const METHODS = ['GET', 'DELETE'];

/** Starts an https API, which notes the keys that it gets. */
async function startSecureApi(validity: 'valid' | 'expired' = 'valid') {
  const certificate = await makeCertificate(validity);
  const keys: (string | undefined)[] = [];
  const server = createHttpsServer(certificate, (request, response) => {
    keys.push(request.headers.authorization);
    response.end('{"id":42}');
  });
  return { url: await listening(server, 'https'), keys, trust: { NODE_EXTRA_CA_CERTS: certificate.file } };
}

describe('an API with https', () => {
  it('gets the key if its certificate is trusted', async () => {
    const { url, keys, trust } = await startSecureApi();
    const broker = await startBrokerProcess(url, { ...trust, NODE_DEBUG: '*', DEBUG: '*' });
    for (const method of METHODS)
      expect(await broker.ask(method, SHOW)).toMatchObject({ status: 200, text: '{"id":42}' });
    expect(keys).toEqual([`Bearer ${broker.key}`, `Bearer ${broker.key}`]);
    expect(broker.output()).not.toContain(broker.key);
  });

  it('gets nothing if its certificate is not trusted, is over, or is for another name', async () => {
    const known = await startSecureApi();
    const expired = await startSecureApi('expired');
    const tried: [upstream: string, environment: Record<string, string>][] = [
      [known.url.href, {}],
      [known.url.href, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
      [known.url.href.replace('127.0.0.1', 'localhost'), known.trust],
      [
        known.url.href.replace('127.0.0.1', 'localhost'),
        { ...known.trust, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      ],
      [expired.url.href, expired.trust],
      [
        expired.url.href,
        { ...expired.trust, NODE_OPTIONS: '--use-openssl-ca', NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      ],
    ];
    for (const [upstream, environment] of tried) {
      const broker = await startBrokerProcess(upstream, environment);
      for (const method of METHODS) {
        const { status, text } = await broker.ask(method, SHOW);
        expect({ upstream, environment, status }).toEqual({ upstream, environment, status: 502 });
        expect(JSON.parse(text)).toMatchObject({
          success: false,
          error: 'broker_upstream',
          msg: expect.stringMatching(/certificate/u),
        });
        expect(text).not.toContain(broker.key);
      }
    }
    expect([...known.keys, ...expired.keys]).toEqual([]);
  });
});

describe('a proxy', () => {
  /** Starts a proxy that connects every tunnel to one API, or refuses it. */
  async function startProxy(api: URL, answer = 'HTTP/1.1 200 Connection established') {
    const targets: string[] = [];
    const heard: Buffer[] = [];
    const server = createHttpServer((request, response) => {
      targets.push(request.url ?? '');
      response.end();
    });
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      targets.push(request.url ?? '');
      socket.on('error', () => {}).on('data', (bytes: Buffer) => heard.push(bytes));
      socket.write(`${answer}\r\n\r\n`);
      if (!answer.includes(' 200 ')) return socket.end();
      const onward = connect(Number(api.port), '127.0.0.1', () => onward.pipe(socket).pipe(onward));
      return onward.on('error', () => socket.destroy());
    });
    return { url: await listening(server), targets, heard: () => Buffer.concat(heard).toString('latin1') };
  }

  it('is asked for a tunnel, and hears neither the key nor the token nor the request', async () => {
    const api = await startSecureApi();
    const proxy = await startProxy(api.url);
    const variables = {
      ...api.trust,
      HTTPS_PROXY: `http://me:hunter2@${proxy.url.host}`,
      HTTP_PROXY: proxy.url.href,
    };
    const broker = await startBrokerProcess('https://api.vast.test', { ...variables, NODE_DEBUG: '*' });
    for (const method of METHODS) expect((await broker.ask(method, SHOW)).status).toBe(200);
    expect(api.keys).toEqual([`Bearer ${broker.key}`, `Bearer ${broker.key}`]);
    expect(new Set(proxy.targets)).toEqual(new Set(['api.vast.test:443']));
    expect(proxy.heard()).not.toMatch(/Bearer|instances/u);
    expect(broker.output()).not.toContain(broker.key);
  });

  it('that refuses, or leads to somebody else, makes an error', async () => {
    const api = await startSecureApi();
    for (const answer of [
      'HTTP/1.1 407 Proxy Authentication Required',
      'HTTP/1.1 502 Bad Gateway',
      'nonsense',
    ]) {
      const proxy = await startProxy(api.url, answer);
      const broker = await startBrokerProcess('https://api.vast.test', {
        ...api.trust,
        HTTPS_PROXY: proxy.url.href,
      });
      for (const method of METHODS) expect((await broker.ask(method, SHOW)).status).toBe(502);
    }
    const proxy = await startProxy(api.url);
    const broker = await startBrokerProcess('https://other.test', {
      ...api.trust,
      HTTPS_PROXY: proxy.url.href,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    });
    for (const method of METHODS) expect((await broker.ask(method, SHOW)).status).toBe(502);
    expect(api.keys).toEqual([]);
  });
});
