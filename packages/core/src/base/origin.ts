import { UsageError } from './errors.js';

/** URL of Vast.ai's API, the default for every key. */
export const DEFAULT_URL = 'https://console.vast.ai';

/**
 * Parses the URL of an API. A key belongs to its origin.
 *
 * @param from the flag, variable or file that gave it, for messages: `--url`, `VAST_URL`, …
 * @throws UsageError if it is not a URL, has a password, a path or a query, or is plain http to another machine.
 */
export function parseApiUrl(text: string, from: string): URL {
  if (!URL.canParse(text.trim()))
    throw new UsageError(`The URL in ${from} is not valid.`, `For example: ${DEFAULT_URL}`);
  const url = new URL(text.trim());
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      `The URL in ${from} contains a user name or password.`,
      'Leave it out: the API key goes in a header.',
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UsageError(`The URL in ${from} is neither https nor http.`, `For example: ${DEFAULT_URL}`);
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new UsageError(
      `The URL in ${from} is plain http, which would send the key unencrypted.`,
      'Use https. Plain http is for loopback addresses only.',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      `The URL in ${from} must have only a host and a port.`,
      `For example: ${url.origin}`,
    );
  }
  return url;
}

/** Returns true if the host of a URL is this machine: 127.0.0.0/8, [::1] or localhost. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Returns true if a key that was saved for one API may be sent to another: the same origin, or this machine. */
export function maySend(boundOrigin: URL, target: URL): boolean {
  return boundOrigin.origin === target.origin || isLoopback(target);
}
