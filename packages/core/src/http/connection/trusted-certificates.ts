import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ProxyEnvironment } from './proxy.js';

/** Matches the options with which Node reads SSL_CERT_FILE and SSL_CERT_DIR. */
const READS_SSL_CERT = /(?:^|\s)--use[-_](?:openssl|system)[-_]ca(?:\s|$)/;

/** Matches the start of a certificate, which may follow a key or a comment. */
const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;

/** The reason why a variable that names certificate authorities has no effect. */
export interface IgnoredAuthorities {
  readonly message: string;
  readonly fix: string;
  /** True if the variable may be meant only for other programs. */
  readonly isForOthers: boolean;
}

/**
 * Returns why a variable that names certificate authorities has no effect; `undefined` if it has, or none is set.
 *
 * @param options the options of this Node process
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

/** Describes what is wrong with a file of certificates; returns `undefined` if Node can use it. */
async function faultOfAuthorities(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'latin1');
    // Scripts use an empty file to add no authorities.
    if (text === '') return undefined;
    if (!text.includes('-----BEGIN ')) return 'is not a PEM file';
    const start = text.search(CERTIFICATE);
    if (start === -1) return 'contains no certificate';
    new X509Certificate(text.slice(start));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
    if (code === 'EISDIR') return 'is a folder';
    return /^E(?!RR_)/.test(code) ? `cannot be read (${code})` : 'contains no valid certificate';
  }
}
