import { setTimeout as sleep } from 'node:timers/promises';
import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { monotonicNow } from '../base/clock.js';
import { UsageError, type VastaiError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';
import { DEFAULT_URL, isLoopback } from '../base/origin.js';
import { type AttemptOptions, attempt } from './attempt.js';
import type { ProxyEnvironment } from './connection/proxy.js';
import { foreignResponse } from './errors/foreign-response.js';
import { parseApiError, responseMessage } from './errors/response-error.js';
import { keysMask } from './masking/key-redaction.js';
import type { ClientObserver } from './observer.js';
import type { OpenRequest, OpenResponse, Preview } from './open-response.js';
import type { AttemptSettings, Outcome } from './outcome.js';
import { LONGEST_WAIT_MS, Pacer, routeOf, thresholdOf } from './pacer.js';
import type { WireRequest } from './transport.js';

/** Options of a client. */
export interface ClientOptions {
  /** Key to send, as `Authorization: Bearer`; or a two-factor session, see `standsFor`. */
  readonly key: ApiKey;
  /** API key that `key` stands in for, if `key` is its two-factor session. It is masked too. */
  readonly standsFor?: ApiKey | undefined;
  /** Origin of the API, with plain http only on this machine; by default, `DEFAULT_URL`. */
  readonly baseUrl?: URL;
  /** Name of the key in errors, such as `VAST_API_KEY …a1b2`; by default, its last four characters. */
  readonly keySource?: string;
  /** Steps that the error advises if the API rejects the key. */
  readonly whenRejected?: readonly Advice[] | undefined;
  /** Steps that the error advises if the API requires a two-factor session, or the one that was sent has ended. */
  readonly whenTwoFactor?: readonly Advice[] | undefined;
  /** Maximum number of retries of a request; 3 by default. */
  readonly retries?: number;
  /** Maximum number of retries after a 429 that says how long to wait; by default, `retries`. */
  readonly limitRetries?: number | undefined;
  /** Maximum number of redirects of a request; 5 by default. Each sends the key again. */
  readonly redirects?: number | undefined;
  /** Time limit of one attempt, its body included, in milliseconds; by default, 30,000. */
  readonly timeoutMs?: number;
  /** Ends requests and waits; a request with `seenThrough`, only before the server may have acted. */
  readonly signal?: AbortSignal;
  /** Ends requests with `seenThrough` too. */
  readonly givingUp?: AbortSignal;
  /** Flags that advised commands need to use the same account, such as ` --profile work`. */
  readonly commandFlags?: string;
  /** `User-Agent` header; by default, `vastai-cli`. */
  readonly userAgent?: string;
  /** Observes each request, with secrets masked. */
  readonly observer?: ClientObserver;
  /** Variables to take a proxy from: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`; without it, no proxy is used. */
  readonly environment?: ProxyEnvironment;
}

/** A request to a route of the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path from the root, with its query. Build it with `path`, which percent-encodes each value. */
  readonly path: string;
  /** Body, sent as JSON; without one, POST, PUT and DELETE send `{}`. */
  readonly body?: object;
  /**
   * Advice for a lost response, for a request whose result comes only once, such as a new key. Such a request is not ended by
   * `signal` once the server may have acted.
   */
  readonly seenThrough?: string;
  /** Longest response to read, in bytes; by default, 10 MiB. */
  readonly longest?: number | undefined;
}

/**
 * A client of the Vast.ai API, for one key. It can send several requests at the same time, and follows redirects within the
 * origin of `baseUrl`.
 *
 * It retries a GET after 429, 502, 503, 504 and failed connections, and other methods only if the server has certainly not
 * acted: after 429, or if no connection was made. It waits as long as a 429 says (`endpoint threshold=2.0`, in seconds), or
 * a second at first (half a second after other failures), and doubles that up to a minute.
 */
export class Client {
  readonly #options: ClientOptions & Required<Pick<ClientOptions, 'baseUrl' | 'keySource' | 'retries'>>;
  readonly #settings: AttemptSettings;
  readonly #pacer = new Pacer();

  /** Creates a client. @throws UsageError if `baseUrl` has a password, or is plain http to another machine. */
  constructor(options: ClientOptions) {
    const { key, standsFor, baseUrl = new URL(DEFAULT_URL), timeoutMs = 30_000 } = options;
    const { signal, givingUp, observer, environment = {}, redirects } = options;
    checkUrl(baseUrl);
    const keySource = standsFor === undefined ? `API key ${key}` : sessionLabel(standsFor);
    this.#options = { baseUrl, keySource, retries: 3, ...options };
    const ending = { signal, givingUp, timeoutMs, redirects };
    this.#settings = {
      key,
      mask: keysMask(standsFor === undefined ? [key] : [key, standsFor]),
      observer,
      environment,
      ...ending,
    };
  }

  /**
   * Sends a request. Returns the parsed JSON of the response, or `null` if it has no content. If the response contains the
   * key that was sent, or the one that it stands in for, it is masked.
   *
   * @throws ApiError if the API returns an error: `key_rejected`, `forbidden`, `not_found`, `rate_limited`, `two_factor` or
   *   `api_error`.
   * @throws TransportError if no response arrives, or it cannot be understood. `outcomeUnknown` is true if the server may
   *   have acted.
   * @throws InterruptedError if `signal` ends it.
   * @throws UsageError if the path contains a key, or is not normalized.
   */
  async request(request: ApiRequest): Promise<unknown> {
    const { method, path, seenThrough } = request;
    const { outcome, error } = await this.#send(this.#wireRequest(request), path, { seenThrough });
    if (error !== undefined) throw error;
    return understood(outcome, method, path);
  }

  /**
   * Sends any request, and returns its response as soon as it is certain that it is one: with its body as a stream, secrets
   * masked. An error of the API is part of it. Read the body to its end, or close it.
   *
   * @throws what `request` throws, apart from errors of the API; so does reading the body.
   */
  async open(request: OpenRequest): Promise<OpenResponse> {
    const { openResponse, HELD, wireRequest } = await import('./open-response.js');
    const { path, seenThrough } = request;
    const { url, headers } = this.#target(path);
    const sent = await this.#send(wireRequest(request, url, headers), path, { seenThrough, held: HELD });
    const { key, standsFor } = this.#options;
    const keys = standsFor === undefined ? [key] : [key, standsFor];
    return openResponse(sent, request, { keys, mask: this.#settings.mask });
  }

  /** Returns what `open` would send, with the key masked. @throws UsageError as `open` does */
  async preview(request: OpenRequest): Promise<Preview> {
    const { preview, wireRequest } = await import('./open-response.js');
    const { url, headers } = this.#target(request.path);
    return preview(wireRequest(request, url, headers), this.#settings.mask);
  }

  /** Sends a request until its outcome is final. The error is that of the API. */
  async #send(
    wire: WireRequest,
    path: string,
    options: AttemptOptions,
  ): Promise<{ outcome: Exclude<Outcome, { kind: 'failure' }>; error: VastaiError | undefined }> {
    const { method } = wire;
    const route = routeOf(method, path);
    for (let repeats = 0; ; repeats += 1) {
      const last = repeats >= this.#options.retries;
      await this.#wait(
        this.#pacer.take(route, monotonicNow()),
        'The API limits how often this can be requested',
      );
      const started = monotonicNow();
      const outcome = await attempt(wire, this.#settings, options);
      if (outcome.kind === 'failure') {
        if (last || !outcome.passing || (method !== 'GET' && outcome.sent)) throw outcome.error;
        await this.#wait(backoff(500, repeats), 'The API could not be reached; trying again');
        continue;
      }
      const error =
        outcome.kind === 'passing'
          ? undefined
          : parseApiError(outcome.status, outcome.response, {
              request: { method, path },
              source: this.#options.keySource,
              isSession: this.#options.standsFor !== undefined,
              whenRejected: this.#options.whenRejected,
              whenTwoFactor: this.#options.whenTwoFactor,
            });
      if (error?.code === 'rate_limited' && outcome.kind === 'response') {
        const threshold = thresholdOf(responseMessage(outcome.response));
        if (threshold !== undefined && threshold > LONGEST_WAIT_MS) return { outcome, error };
        if (threshold !== undefined) this.#pacer.refused(route, threshold, monotonicNow());
        const { retries, limitRetries = retries } = this.#options;
        if (repeats >= (threshold === undefined ? retries : limitRetries)) return { outcome, error };
        if (threshold === undefined)
          await this.#wait(backoff(1000, repeats), 'Too many requests; trying again');
        continue;
      }
      this.#pacer.answered(route, started, monotonicNow());
      if (error === undefined || last || method !== 'GET' || ![502, 503, 504].includes(outcome.status))
        return { outcome, error };
      await this.#wait(
        backoff(500, repeats),
        `The API responded with a server error (${outcome.status}); trying again`,
      );
    }
  }

  /** Returns a command for advice, with the flags for the same account: `vastai show api-keys --profile work`. */
  command(words: string): string {
    return `vastai ${words}${this.#options.commandFlags ?? ''}`;
  }

  #wireRequest({ method, path, body, longest }: ApiRequest): WireRequest {
    const { url, headers } = this.#target(path);
    if (method === 'GET') return { method, url, headers, longest };
    return {
      method,
      url,
      longest,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    };
  }

  /** Returns where a request goes, and the headers that each has. */
  #target(path: string): Pick<WireRequest, 'url' | 'headers'> {
    const { baseUrl, key, userAgent = 'vastai-cli' } = this.#options;
    const url = URL.canParse(path, baseUrl.origin) ? new URL(path, baseUrl.origin) : undefined;
    // A path that parsing changes would lead to another route, or another host.
    if (url === undefined || url.origin !== baseUrl.origin || url.pathname + url.search !== path) {
      throw new UsageError('The path of the request is not valid.');
    }
    if (key.suffix !== '' && this.#settings.mask(path) !== path)
      throw new UsageError('A URL must never contain a key.');
    const headers = {
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      Authorization: `Bearer ${key.reveal()}`,
      'User-Agent': userAgent,
    };
    return { url, headers };
  }

  async #wait(milliseconds: number, reason: string): Promise<void> {
    if (milliseconds <= 0) return;
    const { signal, observer } = this.#options;
    observer?.onWait?.(milliseconds, reason);
    try {
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch {
      throw new InterruptedError('Interrupted while waiting to try again.', false);
    }
  }
}

/** Names the two-factor session of a key in errors. */
function sessionLabel(key: ApiKey): string {
  return `the two-factor session of ${key}`;
}

function checkUrl(url: URL): void {
  if (url.username !== '' || url.password !== '')
    throw new UsageError('The URL of the API contains a user name or a password.');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw new UsageError(
      `The key is not sent to ${url.origin}: only https is safe.`,
      'Plain http is for loopback addresses only.',
    );
  }
}

/** Returns the wait before a retry, in milliseconds. It doubles with each one, up to a minute. */
function backoff(first: number, repeats: number): number {
  return Math.min(first * 2 ** repeats, LONGEST_WAIT_MS);
}

function understood(outcome: Outcome, method: string, path: string): unknown {
  if (outcome.kind !== 'response') return null;
  const { status, response, fault } = outcome;
  if (fault === undefined) return response;
  if (status === 204 || status === 205) return null;
  throw foreignResponse({ method, path }, fault, { status });
}
