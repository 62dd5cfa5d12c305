/** Longest response, if the request allows no longer one, in bytes. */
export const LONGEST_RESPONSE = 10 * 1024 * 1024;

/** A request on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Longest response, before and after decompression, in bytes; by default, 10 MiB. */
  readonly longest?: number | undefined;
}

/** Returns the most bytes that are read to their end. A request that allows any length allows it for a success only. */
export function longestWhole({ longest = LONGEST_RESPONSE }: WireRequest): number {
  return Number.isFinite(longest) ? longest : LONGEST_RESPONSE;
}

/** A response from the wire, once its headers are there. */
export interface WireResponse {
  readonly status: number;
  /** Headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The decompressed body as it arrives, to be read once. Reading it throws UnreadableBody, or what `Connection.send` throws
   * if the connection fails.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Reports a response whose body is too long, or cannot be decompressed. */
export class UnreadableBody extends Error {
  constructor(
    readonly fault: 'too long' | 'damaged',
    readonly status: number,
  ) {
    super(fault);
  }
}

/** Makes the connections of a client. It hides the library that sends requests. */
export interface Transport {
  /**
   * Prepares the connection to a URL, through a proxy if one is given.
   *
   * @param signal ends a request over it at any point, even while the body is read
   */
  connect(url: URL, proxy: URL | undefined, signal: AbortSignal): Connection;
}

/** The connection of one request. */
export interface Connection {
  /**
   * Sends the request, and resolves when the headers of its response are there. Does not follow redirects.
   *
   * @throws `error` or a plain Error if the connection fails
   */
  send(request: Omit<WireRequest, 'url'>): Promise<WireResponse>;
  /** Closes the connection. Call it in any case: a response that was not read to its end keeps it open. */
  close(): void;
  /** True if a connection to the server was made, so that the request may have arrived. */
  readonly made: boolean;
  /** Error with which the request failed, as Node reported it. */
  readonly error: unknown;
  /** Proxy, until the connection gets beyond it. */
  readonly proxyInTheWay: URL | undefined;
}
