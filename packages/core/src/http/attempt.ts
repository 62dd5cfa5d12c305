import type { ApiKey } from '../base/api-key.js';
import { isVastaiError, TransportError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';
import type { ClientObserver } from './observer.js';
import { type ProxyEnvironment, proxyFor } from './proxy.js';
import { mapStrings, maskBody, maskHeaders, maskText } from './redaction.js';
import { readRedirect } from './redirect.js';
import { readBody } from './response-body.js';
import {
  type Connection,
  LONGEST_RESPONSE,
  type Transport,
  UnreadableBody,
  type WireRequest,
  type WireResponse,
} from './transport.js';

/** Settings of an attempt. */
export interface AttemptSettings {
  readonly key: ApiKey;
  /** Masks the key in a string. */
  readonly mask: (text: string) => string;
  /** Time limit of the whole attempt, including redirects and bodies. */
  readonly timeoutMs: number;
  readonly redirects?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Ends requests that `signal` does not end: those with `seenThrough`. */
  readonly givingUp?: AbortSignal | undefined;
  readonly observer?: ClientObserver | undefined;
  readonly environment: ProxyEnvironment;
  /** Sends the requests; by default, cross-fetch. */
  readonly transport?: Transport | undefined;
}

/** The outcome of an attempt. */
export type Outcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** Parsed body, or a string if it is not JSON; the key is masked. */
      readonly response: unknown;
      /** Fault of a body that is not JSON. */
      readonly fault?: string;
    }
  | {
      readonly kind: 'failure';
      readonly error: TransportError;
      /** True if the server may have received the request. */
      readonly sent: boolean;
      /** True if another attempt could work. */
      readonly passing: boolean;
    };

/** Time that an interrupted request which may have had an effect is given to report it. */
const LAST_WORD_MS = 250;

/** The reason of an attempt that was interrupted, and did not reach its time limit. */
const INTERRUPTED = new Error('interrupted');

/**
 * Sends one request and reads its response, following redirects. An interruption ends it at once, unless the server may have
 * acted already; a response that is about to arrive then still counts.
 *
 * @param seenThrough advice for a lost response, for a request whose result comes only once. If such a request is interrupted
 *   after the server may have acted, it goes on until its time limit, and the observer receives this advice at once.
 * @throws InterruptedError if the signal ends it; UsageError if the proxy is not valid, or a name of this machine resolves to
 *   another one.
 */
export async function attempt(
  request: WireRequest,
  settings: AttemptSettings,
  seenThrough?: string,
): Promise<Outcome> {
  if (settings.signal?.aborted) throw new InterruptedError('Interrupted.', false);
  const stop = new AbortController();
  const end = () => stop.abort();
  // A timer fires at once if its time is longer than this.
  const timer = setTimeout(end, Math.min(settings.timeoutMs, 2 ** 31 - 1));
  try {
    return await follow(request, settings, stop, seenThrough);
  } finally {
    clearTimeout(timer);
  }
}

async function follow(
  request: WireRequest,
  settings: AttemptSettings,
  stop: AbortController,
  seenThrough: string | undefined,
): Promise<Outcome> {
  const { observer, key, mask } = settings;
  const { signal } = stop;
  const transport = settings.transport ?? (await import('./cross-fetch.js')).crossFetch;
  let url = request.url;
  for (let count = 0; ; count += 1) {
    const proxy = proxyFor(url, settings.environment);
    const connection = transport.connect(url, proxy, signal);
    observer?.onBegin?.(mask(url.href));
    observer?.onRequest?.({
      method: request.method,
      url: mask(url.href),
      headers: { ...maskHeaders(request.headers, mask), Authorization: `Bearer ${key}` },
      ...(request.body === undefined ? {} : { body: maskBody(JSON.parse(request.body), mask) }),
    });
    let wire: WireResponse;
    const outcomeUnknown = () => request.method !== 'GET' && connection.made;
    const letGo = onInterruption(settings, outcomeUnknown, stop, seenThrough);
    try {
      wire = await connection.send(request);
    } catch (error) {
      // A request with `seenThrough` fails as it would have without the interruption.
      const isInterrupted =
        signal.reason === INTERRUPTED || (seenThrough === undefined && settings.signal?.aborted === true);
      if (isInterrupted) throw interrupted(request.method, mask(url.pathname), connection.made);
      return failed(error, request, url, connection, settings, signal);
    } finally {
      letGo();
      observer?.onEnd?.(mask(url.href));
    }
    const body = readBody(wire.body);
    observer?.onResponse?.({
      status: wire.status,
      headers: maskHeaders(wire.headers, mask),
      body: 'json' in body ? maskBody(body.json, mask) : maskText(body.text, mask),
    });
    const redirect = readRedirect(
      wire.status,
      wire.headers.location,
      url,
      request.method,
      count,
      settings.redirects,
    );
    if (redirect === undefined) {
      return 'json' in body
        ? { kind: 'response', status: wire.status, response: mapStrings(body.json, mask) }
        : { kind: 'response', status: wire.status, response: mask(body.text), fault: body.fault };
    }
    if ('refused' in redirect) {
      // 307 and 308 mean that the server did nothing; with the others, it may have acted.
      const sent = wire.status !== 307 && wire.status !== 308;
      return failure(mask(redirect.refused), request.method, {
        sent,
        status: wire.status,
        hint: 'Check the URL (--url, VAST_URL).',
      });
    }
    url = redirect.to;
  }
}

/**
 * Ends a request when it is interrupted: at once, or a little later if the server may have acted. A request with
 * `seenThrough` ends only on `givingUp`.
 *
 * @returns a function that removes the listeners
 */
function onInterruption(
  { signal, givingUp, observer }: AttemptSettings,
  outcomeUnknown: () => boolean,
  stop: AbortController,
  seenThrough: string | undefined,
): () => void {
  let later: NodeJS.Timeout | undefined;
  const end = () => stop.abort(INTERRUPTED);
  const interrupt = () => {
    if (!outcomeUnknown()) end();
    else if (seenThrough === undefined) later = setTimeout(end, LAST_WORD_MS);
    else observer?.onInterrupted?.(seenThrough);
  };
  const listeners = [
    [signal, interrupt],
    [givingUp, end],
  ] as const;
  for (const [one, listener] of listeners) {
    one?.addEventListener('abort', listener);
    if (one?.aborted) listener();
  }
  return () => {
    clearTimeout(later);
    for (const [one, listener] of listeners) one?.removeEventListener('abort', listener);
  };
}

async function failed(
  error: unknown,
  { method, longest = LONGEST_RESPONSE }: WireRequest,
  url: URL,
  connection: Connection,
  settings: AttemptSettings,
  signal: AbortSignal,
): Promise<Outcome> {
  const { describeFailure, placeOf } = await import('./connection-failure.js');
  const sent = connection.made;
  if (signal.aborted) {
    const what = sent ? 'did not respond' : 'could not be reached';
    const place = placeOf(url.origin, connection.proxyInTheWay);
    const message = `${place} ${what} within ${settings.timeoutMs / 1000} s.`;
    return failure(message, method, { sent, passing: true, hint: '--timeout SECONDS allows more time.' });
  }
  if (error instanceof UnreadableBody) {
    const { status, fault } = error;
    // The status alone describes an error of the server.
    if (status === 429 || status >= 500) return { kind: 'response', status, response: '', fault };
    const what =
      fault === 'too long'
        ? `that is longer than ${longest / 2 ** 20} MiB`
        : 'whose compression is damaged or unknown';
    return failure(`${url.origin} sent a response ${what}.`, method, { sent, status });
  }
  const cause = connection.error ?? error;
  if (isVastaiError(cause)) throw cause;
  if (!(cause instanceof Error) || (connection.error === undefined && !('code' in cause || 'type' in cause)))
    throw error;
  const { message, hint, passing } = await describeFailure(
    cause,
    url.origin,
    connection.proxyInTheWay,
    settings.environment,
  );
  return failure(message, method, { sent, passing, hint });
}

function failure(
  message: string,
  method: string,
  facts: { sent: boolean; passing?: boolean; hint?: string | undefined; status?: number },
): Outcome {
  const { sent, passing = false, hint, status } = facts;
  const outcomeUnknown = sent && method !== 'GET';
  const error = new TransportError(
    outcomeUnknown ? `${message} The request may have taken effect anyway.` : message,
    outcomeUnknown,
    {
      ...(hint === undefined ? {} : { hint }),
      ...(status === undefined ? {} : { status }),
    },
  );
  return { kind: 'failure', error, sent, passing };
}

function interrupted(method: string, path: string, sent: boolean): InterruptedError {
  if (method === 'GET' || !sent) return new InterruptedError('Interrupted.', false);
  return new InterruptedError(`Interrupted during ${method} ${path}. It may have taken effect anyway.`, true);
}
