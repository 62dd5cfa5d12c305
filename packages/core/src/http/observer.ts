/** A request as it may be shown: every secret in it is masked. */
export interface ObservedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer as it may be shown: every secret in it is masked, and what is not JSON is cut. */
export interface ObservedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Is told what a client does while it does it: each request, redirects and repetitions included. */
export interface ClientObserver {
  onRequest?(request: ObservedRequest): void;
  onResponse?(response: ObservedResponse): void;
  /** A request is over: it was answered, failed, or was interrupted. */
  onEnd?(url: string): void;
  /** A wait begins, of so many milliseconds; the reason is a sentence without its full stop. */
  onWait?(milliseconds: number, reason: string): void;
  /** A request that is seen through was interrupted; the advice is for when its answer never comes. */
  onInterrupted?(advice: string): void;
}
