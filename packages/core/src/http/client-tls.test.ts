import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '@vastai-cli/testing/checkout/certificates';
import { describe, expect, it } from 'vitest';
import { requestInProcess } from './test-support/client-process.js';
import { clientFor, errorOf, KEY_TEXT, listen } from './test-support/loopback-server.js';

/** Starts an https server with a self-signed certificate. */
async function serveSecurely(validity: 'valid' | 'expired') {
  const certificate = await makeCertificate(validity);
  const keys: (string | undefined)[] = [];
  let connections = 0;
  const server = createServer(certificate, (request, response) => {
    keys.push(request.headers.authorization);
    response.end('"secure"');
  });
  server.on('connection', () => {
    connections += 1;
  });
  const url = await listen(server, 'https');
  return {
    url,
    file: certificate.file,
    keys,
    connections: () => connections,
    port: (server.address() as AddressInfo).port,
  };
}

describe('an https server', () => {
  it('gets the key if its certificate is trusted', async () => {
    const { url, file, keys } = await serveSecurely('valid');
    const { outcome } = await requestInProcess(
      { url: url.href, method: 'POST' },
      { NODE_EXTRA_CA_CERTS: file },
    );
    expect(outcome).toEqual({ value: 'secure' });
    expect(keys).toEqual([`Bearer ${KEY_TEXT}`]);
  });

  it('with an untrusted certificate does not get the key, and is not tried again', async () => {
    const { url, keys, connections } = await serveSecurely('valid');
    for (const method of ['GET', 'POST'] as const) {
      const error = await errorOf(clientFor(url, { retries: 3 }).request({ method, path: '/' }));
      expect(error).toMatchObject({
        code: 'unreachable',
        outcomeUnknown: false,
        message: expect.stringContaining('is not trusted'),
      });
      expect(error.hint).toContain('NODE_EXTRA_CA_CERTS');
    }
    expect(connections()).toBe(2);
    expect(keys).toEqual([]);
  });

  it('whose certificate has expired does not get the key', async () => {
    const { url, file, keys, connections } = await serveSecurely('expired');
    const { outcome } = await requestInProcess(
      { url: url.href, method: 'GET', retries: 3 },
      { NODE_EXTRA_CA_CERTS: file },
    );
    expect(outcome.error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('has expired'),
    });
    expect(connections()).toBe(1);
    expect(keys).toEqual([]);
  });

  it('whose certificate is for another name does not get the key', async () => {
    const { port, file, keys } = await serveSecurely('valid');
    const { outcome } = await requestInProcess(
      { url: `https://localhost:${port}`, method: 'GET', retries: 3 },
      { NODE_EXTRA_CA_CERTS: file },
    );
    expect(outcome.error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('belongs to another host'),
    });
    expect(keys).toEqual([]);
  });

  it('with an untrusted certificate does not get the key, even with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    const { url, keys } = await serveSecurely('valid');
    const { outcome } = await requestInProcess(
      { url: url.href, method: 'GET' },
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    );
    expect(outcome.error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('is not trusted'),
      hint: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored'),
    });
    expect(keys).toEqual([]);
  });

  it('gets the key without its being printed by NODE_DEBUG', async () => {
    const { url, file, keys } = await serveSecurely('valid');
    const { output } = await requestInProcess(
      { url: url.href, method: 'POST' },
      { NODE_EXTRA_CA_CERTS: file, NODE_DEBUG: '*', DEBUG: '*' },
    );
    expect(output).toContain('HTTP');
    expect(output).not.toContain(KEY_TEXT);
    expect(keys).toEqual([`Bearer ${KEY_TEXT}`]);
  });
});
