import { UsageError } from './errors.js';

/** Leads to Vast.ai's own API, which keys are for where nothing else is said. */
export const DEFAULT_URL = 'https://console.vast.ai';

/**
 * Parses the URL of an API, whose origin is what keys belong to.
 *
 * @param from what gave it, for the message: `--url`, `VAST_URL`, …
 * @throws UsageError for what is not a URL, carries a password or more than a host and a port, or would send a key in plain
 *   text over a network.
 */
export function parseApiUrl(text: string, from: string): URL {
  if (!URL.canParse(text.trim()))
    throw new UsageError(`The URL of ${from} is not a valid URL.`, `For example: ${DEFAULT_URL}`);
  const url = new URL(text.trim());
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      `The URL of ${from} carries a user name or password.`,
      'Leave it out: the API key goes in a header.',
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UsageError(`The URL of ${from} is neither https nor http.`, `For example: ${DEFAULT_URL}`);
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new UsageError(
      `The URL of ${from} is plain http, which would send the key readable over the network.`,
      'Use https. Plain http is for loopback addresses only.',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`The URL of ${from} has more than a host and a port.`, `For example: ${url.origin}`);
  }
  return url;
}

/** Returns whether a URL leads to this machine: 127.0.0.0/8, [::1] or localhost. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Returns whether a key that was saved for one API may be sent to another: only to its own origin, or to this machine. */
export function maySend(boundOrigin: URL, target: URL): boolean {
  return boundOrigin.origin === target.origin || isLoopback(target);
}
