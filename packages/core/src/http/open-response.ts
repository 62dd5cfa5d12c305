import type { ApiKey } from '../base/api-key.js';
import { type RequestLine, UsageError, type VastaiError } from '../base/errors.js';
import { foreignResponse } from './errors/foreign-response.js';
import { maskedBody } from './masking/masked-body.js';
import { maskHeaders, maskWrittenBytes } from './masking/redaction.js';
import { secretFieldsOf } from './masking/secret-fields.js';
import type { Outcome } from './outcome.js';
import { parseHeader } from './request-headers.js';
import type { WireRequest } from './transport.js';

/** Longest body of a success that is read before it is passed on, in bytes. An error in a longer one is not recognised. */
export const HELD = 64 * 1024;

/** A request to any route of the API. */
export interface OpenRequest {
  /** Method in upper case. */
  readonly method: string;
  /** Path from the root, with its query, as `apiPath` returns it. */
  readonly path: string;
  /** Body, sent byte for byte; without one, all methods but GET and HEAD send `{}`. */
  readonly body?: string | Uint8Array | undefined;
  /** Headers in place of ours, or in addition, as `parseHeader` returns them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** See `ApiRequest`. */
  readonly seenThrough?: string | undefined;
  /** True to mask nothing in the response but the keys of this run. */
  readonly showSecrets?: boolean | undefined;
}

/** A response whose body is still on its way. Read the body to its end, or close it. */
export interface OpenResponse {
  readonly status: number;
  /** Headers, with names in lower case, secrets masked, and without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** The error that the API reports, also with a 200, or that of a web page. The body is then short, and here. */
  readonly error: VastaiError | undefined;
  /** The decompressed body as it arrives, secrets masked, to be read once. Reading it throws as `Client.open` does. */
  readonly body: AsyncIterable<Uint8Array>;
  close(): void;
}

/** A request as it would be sent, with the key masked. */
export interface Preview {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Builds a request. Headers of its own replace ours, however they are spelled.
 *
 * @throws UsageError for another method, and for a header that only this program may set
 */
export function wireRequest(
  { method, body, headers: own = {} }: OpenRequest,
  url: URL,
  ours: Readonly<Record<string, string>>,
): WireRequest {
  if (!METHODS.has(method))
    throw new UsageError('The API does not support this method.', 'Use GET, POST, PUT, PATCH or DELETE.');
  for (const [name, value] of Object.entries(own)) parseHeader(`${name}: ${value}`);
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const isRead = method === 'GET' || method === 'HEAD';
  const sent = body ?? (isRead ? undefined : '{}');
  const all = { ...ours, ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }) };
  const kept = Object.entries(all).filter(([name]) => !names.has(name.toLowerCase()));
  return {
    method,
    url,
    headers: { ...Object.fromEntries(kept), ...own },
    longest: Number.POSITIVE_INFINITY,
    ...(sent === undefined ? {} : { body: sent }),
  };
}

/** Shows a request. */
export function preview(
  { method, url, headers, body }: WireRequest,
  mask: (text: string) => string,
): Preview {
  return {
    method,
    url: url.href,
    headers: Object.fromEntries(Object.entries(headers).map((header) => header.map(mask))),
    ...(body === undefined ? {} : { body: mask(Buffer.from(body).toString()) }),
  };
}

/** Wraps the outcome of a request. */
export function openResponse(
  { outcome, error }: { outcome: Exclude<Outcome, { kind: 'failure' }>; error: VastaiError | undefined },
  { method, path, showSecrets = false }: OpenRequest,
  { keys, mask }: { readonly keys: readonly ApiKey[]; readonly mask: (text: string) => string },
): OpenResponse {
  const { status, headers } = outcome;
  const passing = outcome.kind === 'passing' ? outcome : undefined;
  const failure = error ?? errorOfPage(outcome, { method, path });
  const change = failure === undefined || showSecrets ? undefined : maskWrittenBytes;
  return {
    status,
    headers: shownHeaders(headers, mask),
    error: failure,
    body: maskedBody(passing?.body ?? whole(outcome.body as Uint8Array, change), {
      keys,
      fields: showSecrets ? new Map() : secretFieldsOf(method, path),
    }),
    close: () => passing?.close(),
  };
}

/**
 * Returns an error for a web page, such as the sign-in page of a network: it comes with a 200 too, and says
 * nothing about the request (docs/decisions/0008). Other text can be a response.
 */
function errorOfPage(outcome: Outcome, request: RequestLine): VastaiError | undefined {
  if (outcome.kind !== 'response' || outcome.fault === undefined) return undefined;
  const { status, headers } = outcome;
  const text = String(outcome.response);
  const isHtml = /\bhtml\b/iu.test(headers['content-type'] ?? '');
  const isPage = isHtml ? /^\s*</u.test(text) : /^\s*<(?:!doctype html|html)[\s>]/iu.test(text);
  return isPage ? foreignResponse(request, 'is a web page', { status }) : undefined;
}

async function* whole(
  bytes: Uint8Array,
  change: ((bytes: Uint8Array) => Uint8Array) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.length > 0) yield change?.(bytes) ?? bytes;
}

function shownHeaders(
  headers: Readonly<Record<string, string>>,
  mask: (text: string) => string,
): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !/^set-cookie2?$/u.test(name));
  return maskHeaders(Object.fromEntries(kept), mask);
}
