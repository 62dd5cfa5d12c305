import type { ProxyEnvironment } from './proxy.js';
import { ignoredAuthorities } from './trusted-certificates.js';
import { ProxyError } from './tunnel.js';

/** The reason for a failed connection. */
interface FailureReport {
  readonly message: string;
  readonly hint?: string;
  /** True if another attempt could work. */
  readonly passing: boolean;
}

const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/;
const TLS = /^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/;
const NOT_HTTP = /^(?:HPE_|ERR_HTTP_|ERR_INVALID_)/;
const NO_WAY = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

const LOOK_AT_URL = 'Check the network and the URL (--url, VAST_URL).';
const LOOK_AT_PROXY = 'Check HTTPS_PROXY and NO_PROXY.';

/**
 * Describes why a connection failed. Repeats the code of the error, but never its message.
 *
 * @param proxy the proxy, if the connection did not get beyond it
 */
export async function describeFailure(
  error: unknown,
  origin: string,
  proxy?: URL,
  environment: ProxyEnvironment = {},
): Promise<FailureReport> {
  if (error instanceof ProxyError) return describeProxyError(error.status, proxy);
  const code = codeOf(error);
  const place = placeOf(origin, proxy);
  const look = proxy === undefined ? LOOK_AT_URL : LOOK_AT_PROXY;
  if (CERTIFICATE.test(code)) {
    return withIgnored(environment, await describeCertificate(code, origin, proxy, environment));
  }
  if (TLS.test(code)) {
    return {
      message: `TLS with ${place} failed (${code}).`,
      hint: proxy === undefined ? 'Is it an https URL?' : 'Is it an https proxy? Most are http://HOST:PORT.',
      passing: false,
    };
  }
  if (code === 'ECONNREFUSED') {
    return { message: `${place} refused the connection.`, hint: look, passing: true };
  }
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
    const name = proxy === undefined ? origin : `the proxy ${proxy.host}`;
    return {
      message: `The address of ${name} could not be found (${code}).`,
      hint: code === 'EAI_AGAIN' ? `No name server responded. ${look}` : look,
      passing: true,
    };
  }
  if (NO_WAY.has(code)) {
    return { message: `${place} could not be reached (${code}).`, hint: look, passing: true };
  }
  if (NOT_HTTP.test(code)) {
    return { message: `${place} did not respond with HTTP (${code}).`, hint: look, passing: false };
  }
  if (BROKEN.has(code) || code === '') {
    return {
      message: `The connection to ${place} was closed before the response was complete.`,
      passing: true,
    };
  }
  return { message: `The connection to ${place} failed (${code}).`, passing: true };
}

/** Returns the destination of a connection for a message, with the proxy if the connection did not get beyond it. */
export function placeOf(origin: string, proxy: URL | undefined): string {
  return proxy === undefined ? origin : `${origin} (through the proxy ${proxy.host})`;
}

function withIgnored({ NODE_TLS_REJECT_UNAUTHORIZED: value }: ProxyEnvironment, report: FailureReport) {
  if (value !== '0') return report;
  return {
    ...report,
    hint: `${report.hint} NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored for requests with a key.`,
  };
}

async function describeCertificate(
  code: string,
  origin: string,
  proxy: URL | undefined,
  environment: ProxyEnvironment,
): Promise<FailureReport> {
  const certificate = `The certificate of ${proxy === undefined ? origin : `the proxy ${proxy.host}`}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      message: `${certificate} belongs to another host. The key was not sent.`,
      hint: proxy === undefined ? LOOK_AT_URL : LOOK_AT_PROXY,
      passing: false,
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const state = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return {
      message: `${certificate} ${state}. The key was not sent.`,
      hint: 'Check the clock of this machine.',
      passing: false,
    };
  }
  return {
    message: `${certificate} is not trusted (${code}). The key was not sent.`,
    hint: await certificateHint(environment),
    passing: false,
  };
}

async function certificateHint(environment: ProxyEnvironment): Promise<string> {
  const ignored = await ignoredAuthorities(environment);
  if (ignored !== undefined) return `${ignored.message} ${ignored.fix}`;
  const { NODE_EXTRA_CA_CERTS: extra } = environment;
  if (extra !== undefined) {
    return `The certificate authority that signed it is not in ${extra}, which NODE_EXTRA_CA_CERTS names.`;
  }
  return 'If it belongs to your own server or proxy, set NODE_EXTRA_CA_CERTS to a file with its certificate authority.';
}

function describeProxyError(status: number, proxy: URL | undefined): FailureReport {
  const name = `The proxy ${proxy?.host ?? ''}`.trim();
  if (status === 407) {
    const given = 'It rejects those in the proxy variable. Correct them';
    const give = proxy?.username ? given : 'Set them in the proxy variable';
    const hint = `${give}: http://USER:PASSWORD@HOST:PORT`;
    return { message: `${name} requires a user name and a password.`, hint, passing: false };
  }
  if (!(status >= 100 && status <= 599)) {
    return { message: `${name} did not respond with HTTP.`, hint: LOOK_AT_PROXY, passing: false };
  }
  const passing = status === 502 || status === 503 || status === 504;
  return { message: `${name} refused the connection (${status}).`, hint: LOOK_AT_PROXY, passing };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : '';
}
