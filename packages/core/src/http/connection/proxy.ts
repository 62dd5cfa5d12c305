import { UsageError } from '../../base/errors.js';
import { isLoopback } from '../../base/origin.js';

/** Holds the variables about proxies and certificates. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** Variables of the proxy, in order. HTTP_PROXY is not one of them, since plain http never leaves this machine. */
const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

/**
 * Returns the proxy for a request; `undefined` if it needs none. Requests to this machine never use a proxy. As in curl, the
 * lower-case variable comes first.
 *
 * @throws UsageError if the variable is not the URL of an http or https proxy, or its login is not percent-encoded. The
 *   message does not repeat the login.
 */
export function proxyFor(url: URL, environment: ProxyEnvironment): URL | undefined {
  if (isLoopback(url)) return undefined;
  const name = PROXIES.find((candidate) => (environment[candidate] ?? '').trim() !== '');
  if (name === undefined) return undefined;
  const exempt = environment.no_proxy?.trim() || environment.NO_PROXY?.trim() || '';
  if (exempt.split(/[\s,]+/).some((entry) => exempts(entry, url))) return undefined;
  return parseProxy((environment[name] ?? '').trim(), name);
}

/** Returns true if an entry of NO_PROXY covers a host: `*`, or an address or a domain, optionally with a port. */
function exempts(entry: string, url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const wanted = entry.toLowerCase();
  if (wanted === '*' || wanted === host) return true;
  const [, name = '', port] = /^\*?\.?([^:]+|\[.*\])(?::(\d+))?$/.exec(wanted) ?? [];
  if (name === '' || (port !== undefined && port !== (url.port || '443'))) return false;
  return name === host || name === url.hostname || host.endsWith(`.${name}`);
}

/** Schemes that a message may repeat although the URL has a login. Any other word could be part of the login. */
const OTHER_KINDS = /^(?:socks\w{0,2}|ftp|file|wss?|quic)$/i;

function parseProxy(text: string, name: string): URL {
  const [, kind = 'http'] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  const encode = `In its user name and password, percent-encode special characters: ${ENCODED}.`;
  if (!/^https?$/i.test(kind)) {
    const shown = OTHER_KINDS.test(kind) || !text.includes('@') ? `a ${kind} ` : 'an unknown kind of ';
    throw new UsageError(
      `${name} names ${shown}proxy; only http and https proxies are supported.`,
      `${HINT} ${encode}`,
    );
  }
  const full = text.startsWith(`${kind}://`) ? text : `http://${text}`;
  // An unencoded /, \, ? or # in the login ends the host early, and part of the login would be looked up as a host.
  const [, behindHost = ''] = /^\w+:\/\/[^/\\?#]*(.*)$/s.exec(full) ?? [];
  if (behindHost.includes('@') || CONTROL.test(full)) {
    throw new UsageError(`${name} is not valid: its user name or password is not percent-encoded.`, encode);
  }
  if (!URL.canParse(full)) {
    throw new UsageError(
      `${name} is not the URL of a proxy.`,
      full.includes('@') ? `${HINT} ${encode}` : HINT,
    );
  }
  const proxy = new URL(full);
  try {
    loginOf(proxy);
  } catch {
    throw new UsageError(`${name} has a % that is not followed by two hexadecimal digits.`, encode);
  }
  return proxy;
}

/**
 * Returns the decoded login of a proxy, as `user:password`.
 *
 * @throws URIError if it is not percent-encoded, which never happens for a URL that `proxyFor` returned.
 */
export function loginOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

const HINT = 'For example: http://proxy.example.com:3128. To use none, unset the variable.';
const ENCODED = '# as %23, / as %2F, ? as %3F, \\ as %5C, @ as %40, % as %25';
/** Matches control characters: URL parsers drop tabs and line breaks, so the URL would change unnoticed. */
const CONTROL = /[\u0000-\u001f\u007f]/;
