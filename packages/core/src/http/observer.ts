/** Describes a request as it may be shown: every secret in it is masked. */
export interface ObservedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Describes a response as it may be shown: every secret in it is masked, and what is not JSON is cut. */
export interface ObservedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Follows what a client does: each request, redirects and repetitions included. Secrets are masked before it is called. */
export interface ClientObserver {
  /** Receives the URL of a request that begins; what it sends is for `onRequest`, which costs more. */
  onBegin?(url: string): void;
  /** Receives a request before it is sent. */
  onRequest?(request: ObservedRequest): void;
  /** Receives a response. */
  onResponse?(response: ObservedResponse): void;
  /** Receives the URL of a request that is over: answered, failed or interrupted. */
  onEnd?(url: string): void;
  /** Receives the length of a wait that begins, in milliseconds, and its reason, a sentence without its full stop. */
  onWait?(milliseconds: number, reason: string): void;
  /** Receives the `seenThrough` of a request that was interrupted and goes on. */
  onInterrupted?(advice: string): void;
}
