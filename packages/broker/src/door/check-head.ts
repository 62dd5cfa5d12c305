import type { IncomingMessage } from 'node:http';
import { malformed, type OwnAnswer } from '../answer/answers.js';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** Browsers send at least one of these with every request that a page makes. Node's own `fetch` sends none of them. */
const OF_BROWSERS = ['origin', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'];

/**
 * Checks everything about a request before its target and its body.
 *
 * @param host the only value of `Host`: a page that has its own name resolved to 127.0.0.1 sends that name
 * @returns undefined if the request may go on
 */
export function checkHead(request: IncomingMessage, host: string): OwnAnswer | undefined {
  const { headers, method = '' } = request;
  const names = request.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  if (new Set(names).size !== names.length) return malformed('A header appears twice.');
  if (!/^1\.[01]$/u.test(request.httpVersion)) return malformed('Only HTTP/1.0 and 1.1 are supported.');
  if (/^[a-z][a-z0-9+.-]*:/iu.test(request.url ?? ''))
    return malformed('Send a path, not a URL: this is not a forward proxy.', 421);
  if (headers.host !== host) return malformed('The Host header is not the address of this broker.', 421);
  if (names.some((name) => OF_BROWSERS.includes(name)))
    return malformed('Requests from web pages are refused.', 403);
  if (names.includes('upgrade') || names.includes('http2-settings'))
    return malformed('Upgrades are refused.');
  if (names.includes('content-length') && names.includes('transfer-encoding'))
    return malformed('The request has two lengths.');
  if (!METHODS.includes(method)) return malformed('Only GET, POST, PUT and DELETE are supported.', 405);
  if (!/^(?:identity)?$/iu.test(headers['content-encoding'] ?? ''))
    return malformed('A compressed body is not supported.', 415);
  if (!/^(?:chunked)?$/iu.test(headers['transfer-encoding'] ?? ''))
    return malformed('This transfer encoding is not supported.');
  return undefined;
}
