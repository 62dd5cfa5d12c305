/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One answer as it came, its body unpacked. */
export interface WireResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer came, but its body is longer than 10 MiB or cannot be unpacked. */
export class UnreadableBody extends Error {
  constructor(
    readonly fault: 'too long' | 'damaged',
    readonly status: number,
  ) {
    super(fault);
  }
}

/** What requests go through: the only thing that knows which library sends them. */
export interface Transport {
  /**
   * Prepares the connection to a URL, through the proxy if there is one.
   *
   * @param signal ends what is sent over it at any point, the body of the answer included
   */
  connect(url: URL, proxy: URL | undefined, signal: AbortSignal): Connection;
}

/** The connection of one request, and what became of it. */
export interface Connection {
  /**
   * Sends the request and reads its answer; redirects are answers like any other.
   *
   * @throws UnreadableBody; what `error` says or a plain Error where the connection failed
   */
  send(request: Omit<WireRequest, 'url'>): Promise<WireResponse>;
  /** Whether the server could be spoken to, so that what was sent may have arrived. */
  readonly made: boolean;
  /** Why the request failed, as Node tells it. */
  readonly error: unknown;
  /** The proxy, as long as the connection has not got beyond it. */
  readonly proxyInTheWay: URL | undefined;
}
