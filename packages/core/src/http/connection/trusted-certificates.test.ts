import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '@vastai-cli/testing/checkout/certificates';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requestInProcess } from '../test-support/client-process.js';
import { listen } from '../test-support/loopback-server.js';
import { ignoredAuthorities } from './trusted-certificates.js';

async function fileWith(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-core-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'ca.pem');
  await writeFile(path, content);
  return path;
}

describe('a variable that names certificate authorities', () => {
  it('is not reported if it has an effect, or is not set', async () => {
    const { file } = await makeCertificate('valid');
    const openssl = { NODE_OPTIONS: '--no-warnings --use-openssl-ca' };
    expect(await ignoredAuthorities({})).toBeUndefined();
    expect(await ignoredAuthorities({ NODE_EXTRA_CA_CERTS: file })).toBeUndefined();
    expect(await ignoredAuthorities({ SSL_CERT_FILE: file, ...openssl })).toBeUndefined();
    expect(await ignoredAuthorities({ SSL_CERT_DIR: '/nowhere', ...openssl })).toBeUndefined();
    expect(await ignoredAuthorities({ SSL_CERT_FILE: file }, ['--use-system-ca'])).toBeUndefined();
    expect(await ignoredAuthorities({ SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: file })).toBeUndefined();
  });

  it.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('is named where %s is of no use', async (name) => {
    const broken = '-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n';
    for (const [path, fault] of [
      [join(tmpdir(), 'vastai-no-such-file.pem'), 'does not exist'],
      [tmpdir(), 'is a folder'],
      [await fileWith('\x30\x82\x01'), 'is not a PEM file'],
      [await fileWith(broken), 'contains no valid certificate'],
      [await fileWith('-----BEGIN PRIVATE KEY-----\n'), 'contains no certificate'],
    ] as const) {
      const found = await ignoredAuthorities({ [name]: path, NODE_OPTIONS: '--use-openssl-ca' });
      expect(found?.message).toBe(`${name} has no effect: ${path} ${fault}.`);
      expect(found?.fix).toContain(name);
    }
  });

  it('has no effect as SSL_CERT_FILE or SSL_CERT_DIR, where Node does not read them', async () => {
    expect(await ignoredAuthorities({ SSL_CERT_FILE: '/ca.pem', NODE_OPTIONS: '--no-warnings' })).toEqual({
      message: 'SSL_CERT_FILE has no effect: Node reads it only with --use-openssl-ca.',
      fix: 'Set NODE_OPTIONS=--use-openssl-ca, or set NODE_EXTRA_CA_CERTS to /ca.pem.',
      isForOthers: true,
    });
    expect((await ignoredAuthorities({ SSL_CERT_DIR: '/certs' }))?.message).toContain('SSL_CERT_DIR');
  });

  it('is what the error about a certificate names', async () => {
    const { file } = await makeCertificate('valid');
    const server = createServer(await makeCertificate('valid'));
    const { href: url } = await listen(server, 'https');
    const hintWith = async (environment: Record<string, string>) =>
      (await requestInProcess({ url, method: 'GET' }, environment)).outcome.error?.hint;
    expect(await hintWith({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' })).toContain(
      '/nowhere/ca.pem does not exist',
    );
    expect(await hintWith({ SSL_CERT_FILE: file })).toContain('NODE_OPTIONS=--use-openssl-ca');
    expect(await hintWith({ NODE_EXTRA_CA_CERTS: file })).toContain(
      'The certificate authority that signed it is not in',
    );
  });

  it('makes a certificate trusted if its advice is followed', async () => {
    const certificate = await makeCertificate('valid');
    const server = createServer(certificate, (_, response) => response.end('"yes"'));
    const { href: url } = await listen(server, 'https');
    for (const environment of [
      { SSL_CERT_FILE: certificate.file, NODE_OPTIONS: '--use-openssl-ca' },
      { SSL_CERT_FILE: certificate.file, NODE_EXTRA_CA_CERTS: certificate.file },
    ]) {
      const { outcome } = await requestInProcess({ url, method: 'GET' }, environment);
      expect(outcome).toEqual({ value: 'yes' });
    }
  });
});
