/** A request that is safe to show: every secret is masked. */
export interface ObservedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A response that is safe to show: every secret is masked, and a body that is not JSON is shortened. */
export interface ObservedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Observes the requests of a client, including redirects and retries. Secrets are masked before it is called. */
export interface ClientObserver {
  /** Receives the URL of a request before it is sent. It costs less than `onRequest`. */
  onBegin?(url: string): void;
  /** Receives a request before it is sent. */
  onRequest?(request: ObservedRequest): void;
  /** Receives a response. */
  onResponse?(response: ObservedResponse): void;
  /** Receives the URL of a request that ended: with a response, an error or an interruption. */
  onEnd?(url: string): void;
  /** Receives the length of a wait in milliseconds, and its reason, a sentence without its full stop. */
  onWait?(milliseconds: number, reason: string): void;
  /** Receives `seenThrough` of a request that was interrupted, but goes on. */
  onInterrupted?(advice: string): void;
}
