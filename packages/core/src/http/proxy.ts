import { UsageError } from '../base/errors.js';
import { isLoopback } from '../base/origin.js';

/** Holds the variables that name proxies; only these are read, and only from what is handed in. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** In the order in which they count; plain http never leaves this machine, so its variable is not among them. */
const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

/**
 * Finds the proxy that a request goes through; `undefined` where it goes directly.
 *
 * This machine is always reached directly. As in curl, the lower-case variable comes first.
 *
 * @throws UsageError for a proxy that is not a URL or not of a kind that is known, and for a login that is not
 *   percent-encoded; nothing of it is repeated.
 */
export function proxyFor(url: URL, environment: ProxyEnvironment): URL | undefined {
  if (isLoopback(url)) return undefined;
  const name = PROXIES.find((candidate) => (environment[candidate] ?? '').trim() !== '');
  if (name === undefined) return undefined;
  const exempt = environment.no_proxy?.trim() || environment.NO_PROXY?.trim() || '';
  if (exempt.split(/[\s,]+/).some((entry) => exempts(entry, url))) return undefined;
  return parseProxy((environment[name] ?? '').trim(), name);
}

/** Whether one entry of NO_PROXY covers a host: `*`, an address, a name with everything below it; either with a port. */
function exempts(entry: string, url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const wanted = entry.toLowerCase();
  if (wanted === '*' || wanted === host) return true;
  const [, name = '', port] = /^\*?\.?([^:]+|\[.*\])(?::(\d+))?$/.exec(wanted) ?? [];
  if (name === '' || (port !== undefined && port !== (url.port || '443'))) return false;
  return name === host || name === url.hostname || host.endsWith(`.${name}`);
}

/** Kinds of proxies and other URLs that are named beside a login: any other word could be a part of that. */
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
  // Such a character ends the host too early: a part of the login would be taken for the host, and looked up.
  const [, behindHost = ''] = /^\w+:\/\/[^/\\?#]*(.*)$/s.exec(full) ?? [];
  if (behindHost.includes('@') || CONTROL.test(full)) {
    throw new UsageError(`${name} cannot be read: its user name or password is not percent-encoded.`, encode);
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
 * Returns the user name and the password of a proxy, decoded, with the colon that HTTP puts between them.
 *
 * @throws URIError where they are not percent-encoded; never for a URL that `proxyFor` returned.
 */
export function loginOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

const HINT = 'For example: http://proxy.example.com:3128. To use none, unset the variable.';
const ENCODED = '# as %23, / as %2F, ? as %3F, \\ as %5C, @ as %40, % as %25';
/** A URL is read as if tabs and line breaks were not in it. */
const CONTROL = /[\u0000-\u001f\u007f]/;
