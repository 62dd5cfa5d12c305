import { monotonicNow } from '../base/clock.js';
import { InterruptedError } from '../base/interrupted.js';
import { failure } from './attempt-failure.js';
import { proxyFor } from './connection/proxy.js';
import { Exchange, type ReadResponse } from './exchange.js';
import { mapStrings } from './masking/redaction.js';
import type { AttemptSettings, Outcome } from './outcome.js';
import { passOn } from './passing-body.js';
import { readRedirect } from './redirect.js';
import { readBody } from './response-body.js';
import type { WireRequest } from './transport.js';

/** Options of one request. */
export interface AttemptOptions {
  /**
   * Advice for a lost response, for a request whose result comes only once. If such a request is interrupted after the server
   * may have acted, it goes on until its time limit, and the observer receives this advice at once.
   */
  readonly seenThrough?: string | undefined;
  /** Longest body of a success that is read to its end, in bytes. A longer one is passed on; by default, none is. */
  readonly held?: number | undefined;
}

/**
 * Sends one request and reads its response, following redirects. An interruption ends it at once, unless the server may have
 * acted already; a response that is about to arrive then still counts.
 *
 * The time limit is that of the whole attempt, including redirects and bodies. While a body is passed on, it is that of the
 * wait for the next part.
 *
 * @throws InterruptedError if the signal ends it; UsageError if the proxy is not valid, or a name of this machine resolves to
 *   another one.
 */
export async function attempt(
  request: WireRequest,
  settings: AttemptSettings,
  options: AttemptOptions = {},
): Promise<Outcome> {
  if (settings.signal?.aborted) throw new InterruptedError('Interrupted.', false);
  const stop = new AbortController();
  const limit = new TimeLimit(settings.timeoutMs, () => stop.abort());
  try {
    limit.start();
    return await follow(request, settings, options, stop, limit);
  } finally {
    limit.stop();
  }
}

/** A time limit that can stop and start anew for each part of a body, without a timer for each. */
class TimeLimit {
  readonly #milliseconds: number;
  readonly #end: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Time at which it started; undefined while it is stopped. */
  #since: number | undefined;

  constructor(milliseconds: number, end: () => void) {
    // A timer fires at once if its time is longer than this.
    this.#milliseconds = Math.min(milliseconds, 2 ** 31 - 1);
    this.#end = end;
  }

  start(): void {
    this.#since = monotonicNow();
    this.#timer ??= setTimeout(() => this.#check(), this.#milliseconds);
  }

  pause(): void {
    this.#since = undefined;
  }

  stop(): void {
    this.pause();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#since === undefined) return;
    const left = this.#since + this.#milliseconds - monotonicNow();
    // A timer can fire a little early.
    if (left < 1) this.#end();
    else this.#timer = setTimeout(() => this.#check(), left);
  }
}

async function follow(
  original: WireRequest,
  settings: AttemptSettings,
  { seenThrough, held }: AttemptOptions,
  stop: AbortController,
  limit: TimeLimit,
): Promise<Outcome> {
  const { mask } = settings;
  const transport = settings.transport ?? (await import('./cross-fetch.js')).crossFetch;
  let request = original;
  for (let count = 0; ; count += 1) {
    const { method, url } = request;
    const proxy = proxyFor(url, settings.environment);
    const exchange = new Exchange(request, { transport, proxy, settings, stop, seenThrough });
    let response: ReadResponse;
    try {
      response = await exchange.read(held);
    } catch (error) {
      exchange.end();
      return await exchange.explain(error);
    }
    const { status, headers, beginning } = response;
    if (beginning.rest !== undefined) {
      exchange.show(response);
      return { kind: 'passing', status, headers, ...passingOn(beginning, exchange, limit) };
    }
    exchange.end();
    exchange.show(response);
    const redirect = readRedirect(status, headers.location, url, method, count, settings.redirects);
    if (redirect === undefined) {
      const { bytes } = beginning;
      const body = readBody(bytes);
      return 'json' in body
        ? { kind: 'response', status, headers, body: bytes, response: mapStrings(body.json, mask) }
        : { kind: 'response', status, headers, body: bytes, response: mask(body.text), fault: body.fault };
    }
    if ('refused' in redirect) {
      // 307 and 308 mean that the server did nothing; with the others, it may have acted.
      const sent = status !== 307 && status !== 308;
      return failure(mask(redirect.refused), method, {
        sent,
        status,
        hint: 'Check the URL (--url, VAST_URL).',
      });
    }
    request = { ...request, url: redirect.to };
  }
}

/** Passes on the body of a response that has begun. */
function passingOn(
  beginning: Parameters<typeof passOn>[0],
  exchange: Exchange,
  limit: TimeLimit,
): Pick<Extract<Outcome, { kind: 'passing' }>, 'body' | 'close'> {
  const close = () => {
    limit.stop();
    exchange.end();
  };
  const body = passOn(beginning, {
    waits: (isWaiting) => (isWaiting ? limit.start() : limit.pause()),
    explain: async (error) => {
      const outcome = await exchange.explain(error);
      return outcome.kind === 'failure' ? outcome.error : error;
    },
    ended: close,
  });
  return { body, close };
}
