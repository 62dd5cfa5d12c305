import { setTimeout as sleep } from 'node:timers/promises';
import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { monotonicNow } from '../base/clock.js';
import { UsageError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';
import { DEFAULT_URL, isLoopback } from '../base/origin.js';
import { type AttemptSettings, attempt, type Outcome } from './attempt.js';
import { foreignResponse } from './foreign-response.js';
import { keyMask } from './key-redaction.js';
import type { ClientObserver } from './observer.js';
import { LONGEST_WAIT_MS, Pacer, routeOf, thresholdOf } from './pacer.js';
import type { ProxyEnvironment } from './proxy.js';
import { answerMessage, readRefusal } from './response-error.js';
import type { WireRequest } from './transport.js';

/** Says which key a client sends, where to, and how patiently. */
export interface ClientOptions {
  /** Key to send, as `Authorization: Bearer`. */
  readonly key: ApiKey;
  /** Origin of the API, with plain http only on this machine; by default, `DEFAULT_URL`. */
  readonly baseUrl?: URL;
  /** Names the key in errors about it, as `VAST_API_KEY …a1b2`; by default, by its last four characters. */
  readonly keySource?: string;
  /** Steps that the error advises when the API does not accept the key. */
  readonly whenRejected?: readonly Advice[] | undefined;
  /** Highest number of repetitions of a request; 0 means one attempt, and 3 is the default. */
  readonly retries?: number;
  /** Time limit of one attempt, its body included, in milliseconds; by default, 30,000. */
  readonly timeoutMs?: number;
  /** Ends requests and waits; a request with `seenThrough`, only before the server may have acted. */
  readonly signal?: AbortSignal;
  /** Ends requests with `seenThrough`, too. */
  readonly givingUp?: AbortSignal;
  /** Flags that a command which an error advises needs to reach the same account, as ` --profile work`. */
  readonly commandFlags?: string;
  /** `User-Agent` header; by default, `vastai-cli`. */
  readonly userAgent?: string;
  /** Follows each request, its secrets masked. */
  readonly observer?: ClientObserver;
  /** Variables to take a proxy from: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`; without it, no proxy is used. */
  readonly environment?: ProxyEnvironment;
}

/** Describes a request to a route of the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path from the root, with its query, each segment percent-encoded as `path` does it. */
  readonly path: string;
  /** Body, sent as JSON; without one, POST, PUT and DELETE send `{}`. */
  readonly body?: object;
  /**
   * Says what to do when the response to a request whose result comes only once is lost. Such a request outlasts
   * `signal`.
   */
  readonly seenThrough?: string;
}

/**
 * Sends requests to the Vast.ai API with one key, one after another or at the same time, and follows redirects within
 * the origin of `baseUrl`.
 *
 * A GET is repeated after 429, 502, 503, 504 and failed connections; the others only after what shows that the server
 * has not acted: 429, or a connection that was never made. Waits between attempts are as long as a 429 says (`endpoint
 * threshold=2.0`, in seconds), or double from half a second up to a minute.
 */
export class Client {
  readonly #options: ClientOptions & Required<Pick<ClientOptions, 'baseUrl' | 'keySource' | 'retries'>>;
  readonly #settings: AttemptSettings;
  readonly #pacer = new Pacer();

  /** @throws UsageError for a URL that would give the key away: plain http over a network, or a password in it. */
  constructor(options: ClientOptions) {
    const { key, baseUrl = new URL(DEFAULT_URL), timeoutMs = 30_000 } = options;
    const { signal, givingUp, observer, environment = {} } = options;
    checkUrl(baseUrl);
    this.#options = { baseUrl, keySource: `API key ${key}`, retries: 3, ...options };
    const ending = { signal, givingUp, timeoutMs };
    this.#settings = { key, mask: keyMask(key), observer, environment, ...ending };
  }

  /**
   * Sends a request and returns the parsed JSON of the response, `null` for one without content. Where the response
   * repeats the key, it is masked.
   *
   * @throws ApiError when the API refuses: `key_rejected`, `forbidden`, `not_found`, `rate_limited`, `two_factor` or
   *   `api_error`.
   * @throws TransportError when no response comes, or none that can be understood; `outcomeUnknown` says whether the
   *   server may have acted.
   * @throws InterruptedError when `signal` ends it.
   * @throws UsageError for a path that leads elsewhere than it says.
   */
  async request(request: ApiRequest): Promise<unknown> {
    const { method, path } = request;
    const wire = this.#wireRequest(request);
    const route = routeOf(method, path);
    for (let repeats = 0; ; repeats += 1) {
      const last = repeats >= this.#options.retries;
      await this.#wait(this.#pacer.take(route, monotonicNow()), 'The API limits how often this can be asked');
      const started = monotonicNow();
      const outcome = await attempt(wire, this.#settings, request.seenThrough);
      if (outcome.kind === 'failure') {
        if (last || !outcome.passing || (method !== 'GET' && outcome.reached)) throw outcome.error;
        await this.#wait(backoff(500, repeats), 'The API could not be reached; trying again');
        continue;
      }
      const refusal = readRefusal(outcome.status, outcome.response, {
        request: { method, path },
        source: this.#options.keySource,
        whenRejected: this.#options.whenRejected,
      });
      if (refusal?.code === 'rate_limited') {
        const threshold = thresholdOf(answerMessage(outcome.response));
        if (threshold !== undefined && threshold > LONGEST_WAIT_MS) throw refusal;
        if (threshold !== undefined) this.#pacer.refused(route, threshold, monotonicNow());
        if (last) throw refusal;
        if (threshold === undefined)
          await this.#wait(backoff(1000, repeats), 'The API was asked too often; trying again');
        continue;
      }
      this.#pacer.answered(route, started, monotonicNow());
      if (refusal === undefined) return understood(outcome, method, path);
      if (last || method !== 'GET' || ![502, 503, 504].includes(outcome.status)) throw refusal;
      await this.#wait(
        backoff(500, repeats),
        `The API answered with a server error (${outcome.status}); trying again`,
      );
    }
  }

  /** Returns a command that reaches the same account, for advice: `vastai show api-keys --profile work`. */
  command(words: string): string {
    return `vastai ${words}${this.#options.commandFlags ?? ''}`;
  }

  #wireRequest({ method, path, body }: ApiRequest): WireRequest {
    const { baseUrl, key, userAgent = 'vastai-cli' } = this.#options;
    const url = URL.canParse(path, baseUrl.origin) ? new URL(path, baseUrl.origin) : undefined;
    // A path that does not survive parsing as it is would reach another route, or another host.
    if (url === undefined || url.origin !== baseUrl.origin || url.pathname + url.search !== path) {
      throw new UsageError('The path of a request is not one.');
    }
    if (key.suffix !== '' && this.#settings.mask(path) !== path)
      throw new UsageError('A key must never stand in a URL.');
    const headers = {
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      Authorization: `Bearer ${key.reveal()}`,
      'User-Agent': userAgent,
    };
    if (method === 'GET') return { method, url, headers };
    return {
      method,
      url,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    };
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

function checkUrl(url: URL): void {
  if (url.username !== '' || url.password !== '')
    throw new UsageError('The URL of the API carries a user name or a password.');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw new UsageError(
      `The key cannot be sent to ${url.origin}: only https is safe.`,
      'Plain http is for loopback addresses only.',
    );
  }
}

/** Doubles with each repetition, up to a minute. */
function backoff(first: number, repeats: number): number {
  return Math.min(first * 2 ** repeats, LONGEST_WAIT_MS);
}

function understood(outcome: Extract<Outcome, { kind: 'answer' }>, method: string, path: string): unknown {
  const { status, response, fault } = outcome;
  if (fault === undefined) return response;
  if (status === 204 || status === 205) return null;
  throw foreignResponse({ method, path }, fault, { status });
}
