import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ProxyEnvironment } from './proxy.js';

/** Options of Node, in NODE_OPTIONS or on its command line, with which it reads SSL_CERT_FILE and SSL_CERT_DIR. */
const READS_SSL_CERT = /(?:^|\s)--use[-_](?:openssl|system)[-_]ca(?:\s|$)/;

/** A key or a comment may come before it. */
const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;

/** Why a variable that names certificate authorities has no effect. */
export interface IgnoredAuthorities {
  readonly message: string;
  readonly fix: string;
  /** Whether the variable may be meant for other programs alone. */
  readonly isForOthers: boolean;
}

/**
 * Says why a variable that names certificate authorities has no effect; `undefined` where one has, or none is set.
 *
 * @param options the command line of this Node.
 */
export async function ignoredAuthorities(
  environment: ProxyEnvironment,
  options: readonly string[] = process.execArgv,
): Promise<IgnoredAuthorities | undefined> {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: file, SSL_CERT_DIR: folder } = environment;
  if (extra !== undefined) {
    const fault = await faultOfAuthorities(extra);
    if (fault !== undefined) return withoutEffect('NODE_EXTRA_CA_CERTS', extra, fault);
  }
  const name = file === undefined ? 'SSL_CERT_DIR' : 'SSL_CERT_FILE';
  if (file === undefined && folder === undefined) return undefined;
  if (READS_SSL_CERT.test(`${environment.NODE_OPTIONS ?? ''} ${options.join(' ')}`)) {
    const fault = file === undefined ? undefined : await faultOfAuthorities(file);
    return fault === undefined ? undefined : withoutEffect(name, file ?? '', fault);
  }
  if (extra !== undefined) return undefined;
  const instead =
    file === undefined ? 'name a file in NODE_EXTRA_CA_CERTS' : `set NODE_EXTRA_CA_CERTS to ${file}`;
  return {
    message: `${name} has no effect: Node reads it only with --use-openssl-ca.`,
    fix: `Set NODE_OPTIONS=--use-openssl-ca, or ${instead}.`,
    isForOthers: true,
  };
}

function withoutEffect(name: string, path: string, fault: string): IgnoredAuthorities {
  return {
    message: `${name} has no effect: ${path} ${fault}.`,
    fix: `Set ${name} to a PEM file of certificates, or unset it.`,
    isForOthers: false,
  };
}

/** Says in words what is wrong with a file of certificates; `undefined` for one that Node can use. */
async function faultOfAuthorities(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'latin1');
    // Scripts make an empty file where no authorities are to be added.
    if (text === '') return undefined;
    if (!text.includes('-----BEGIN ')) return 'is not a PEM file';
    const start = text.search(CERTIFICATE);
    if (start === -1) return 'holds no certificate';
    new X509Certificate(text.slice(start));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
    if (code === 'EISDIR') return 'is a folder';
    return /^E(?!RR_)/.test(code) ? `cannot be read (${code})` : 'holds no certificate that can be read';
  }
}
