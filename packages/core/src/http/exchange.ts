import { partsUpTo } from '../files/bounded-read.js';
import { failed, interrupted } from './attempt-failure.js';
import { maskBody, maskHeaders, maskText } from './masking/redaction.js';
import type { AttemptSettings, Outcome } from './outcome.js';
import { type Beginning, readBeginning } from './passing-body.js';
import { readBody } from './response-body.js';
import {
  type Connection,
  longestWhole,
  type Transport,
  UnreadableBody,
  type WireRequest,
  type WireResponse,
} from './transport.js';

/** Time that an interrupted request which may have had an effect is given to report it. */
const LAST_WORD_MS = 250;

/** The reason of an attempt that was interrupted, and did not reach its time limit. */
const INTERRUPTED = new Error('interrupted');

/** Holds what an exchange needs, apart from its request. */
export interface ExchangeOptions {
  readonly transport: Transport;
  readonly proxy: URL | undefined;
  readonly settings: AttemptSettings;
  /** Ends it. Without a reason, the time limit is over. */
  readonly stop: AbortController;
  readonly seenThrough: string | undefined;
}

/** A response, with the beginning of its body, or all of it. */
export interface ReadResponse extends WireResponse {
  readonly beginning: Beginning;
}

/** A request over a connection of its own, and its response. Call `end` in any case. */
export class Exchange {
  readonly #request: WireRequest;
  readonly #options: ExchangeOptions;
  readonly #connection: Connection;
  readonly #letGo: () => void;
  #hasBegun = false;
  #isOver = false;

  constructor(request: WireRequest, options: ExchangeOptions) {
    const { transport, proxy, settings, stop } = options;
    const { observer, key, mask } = settings;
    this.#request = request;
    this.#options = options;
    this.#connection = transport.connect(request.url, proxy, stop.signal);
    observer?.onBegin?.(mask(request.url.href));
    observer?.onRequest?.({
      method: request.method,
      url: mask(request.url.href),
      headers: { ...maskHeaders(request.headers, mask), Authorization: `Bearer ${key}` },
      ...(request.body === undefined ? {} : { body: shownBody(Buffer.from(request.body), mask) }),
    });
    this.#letGo = onInterruption(options, () => request.method !== 'GET' && this.#connection.made);
  }

  /**
   * Sends the request and reads its response: to its end, or, if it is a success that is longer than `held`, its beginning.
   *
   * @throws an error for `explain`
   */
  async read(held: number | undefined): Promise<ReadResponse> {
    const wire = await this.#connection.send(this.#request);
    const { status, body } = wire;
    const isPassed = held !== undefined && status >= 200 && status < 300;
    const limited = () =>
      partsUpTo(body, longestWhole(this.#request), () => new UnreadableBody('too long', status));
    const beginning = await (isPassed
      ? readBeginning(body, held)
      : readBeginning(limited(), Number.POSITIVE_INFINITY));
    this.#hasBegun = true;
    return { ...wire, beginning };
  }

  /** Shows a response to the observer. */
  show({ status, headers, beginning }: ReadResponse): void {
    const { observer, mask } = this.#options.settings;
    observer?.onResponse?.({
      status,
      headers: maskHeaders(headers, mask),
      body: shownBody(beginning.bytes, mask),
    });
  }

  /** Returns the outcome after an error. @throws InterruptedError; the error itself, if it is a fault of this program */
  async explain(error: unknown): Promise<Outcome> {
    const { settings, stop, seenThrough } = this.#options;
    const { signal } = stop;
    const { method, url } = this.#request;
    // A request with `seenThrough` fails as it would have without the interruption.
    const isInterrupted =
      signal.reason === INTERRUPTED || (seenThrough === undefined && settings.signal?.aborted === true);
    if (isInterrupted) throw interrupted(method, settings.mask(url.pathname), this.#connection.made);
    return failed(error, {
      request: this.#request,
      connection: this.#connection,
      settings,
      isLate: signal.aborted,
      hasBegun: this.#hasBegun,
    });
  }

  /** Closes the connection. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#letGo();
    this.#connection.close();
    const { observer, mask } = this.#options.settings;
    observer?.onEnd?.(mask(this.#request.url.href));
  }
}

/** Returns a body for display. */
function shownBody(bytes: Uint8Array, mask: (text: string) => string): unknown {
  const body = readBody(bytes);
  return 'json' in body ? maskBody(body.json, mask) : maskText(body.text, mask);
}

/**
 * Ends a request when it is interrupted: at once, or a little later if the server may have acted. A request with
 * `seenThrough` ends only on `givingUp`.
 *
 * @returns a function that removes the listeners
 */
function onInterruption(
  { settings, stop, seenThrough }: ExchangeOptions,
  outcomeUnknown: () => boolean,
): () => void {
  const { signal, givingUp, observer } = settings;
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
