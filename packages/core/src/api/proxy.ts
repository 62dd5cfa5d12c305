import { isLoopback } from '../config/origin.js';
import { UsageError } from '../errors.js';

/** Variables that name proxies; only these are read, and only from what is handed in. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** In the order in which they count; plain http never leaves this machine, so its variable is not among them. */
const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

/**
 * Finds the proxy that a request goes through; `undefined` where it goes directly.
 *
 * This machine is always reached directly. As in curl, the lower-case variable comes first.
 *
 * @throws UsageError for a proxy that is not a URL or not of a kind that is known; its password is not repeated.
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

function parseProxy(text: string, name: string): URL {
  const full = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(full)) throw new UsageError(`${name} is not the URL of a proxy.`, HINT);
  const proxy = new URL(full);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new UsageError(
      `${name} names a ${proxy.protocol.slice(0, -1)} proxy; only http and https proxies are supported.`,
      HINT,
    );
  }
  return proxy;
}

const HINT = 'For example: http://proxy.example.com:3128. To use none, unset the variable.';
