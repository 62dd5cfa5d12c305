import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import fetch from 'cross-fetch';
import { isLoopback } from '../base/origin.js';
import { type Destination, dial } from './connection/dial.js';
import { diallingAgent } from './connection/dialling-agent.js';
import { lookUpLoopback } from './connection/loopback-lookup.js';
import {
  type Connection,
  LONGEST_RESPONSE,
  type Transport,
  type WireRequest,
  type WireResponse,
} from './transport.js';
import { unpackedBody } from './unpacked-body.js';

/** Bytes of a response that wait for their reader. */
const WAITING_BYTES = 256 * 1024;

/**
 * The connection of one request.
 *
 * `fetch` reports neither whether a failed request ever reached the server, which decides whether it may be retried, nor (in
 * node-fetch 2, for a body of known length) that a response broke off. This watches both through the agent.
 */
class WatchedConnection implements Connection {
  readonly #agent: Agent;
  readonly #url: URL;
  readonly #proxy: URL | undefined;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #end = () => this.#stop.abort();
  #made = false;
  #error: unknown;
  #brokeOff: ((error: Error) => void) | undefined;
  #isAtProxy: boolean;

  constructor(url: URL, proxy: URL | undefined, signal: AbortSignal) {
    this.#url = url;
    this.#proxy = proxy;
    this.#signal = signal;
    this.#isAtProxy = proxy !== undefined;
    this.#agent = diallingAgent({
      isSecure: url.protocol === 'https:',
      open: () => this.#open(signal),
      watch: (request) => this.#watch(request),
    });
  }

  get made(): boolean {
    return this.#made;
  }

  get error(): unknown {
    return this.#error;
  }

  get proxyInTheWay(): URL | undefined {
    return this.#isAtProxy ? this.#proxy : undefined;
  }

  async send(request: Omit<WireRequest, 'url'>): Promise<WireResponse> {
    this.#signal.addEventListener('abort', this.#end);
    if (this.#signal.aborted) this.#end();
    const response = await fetch(this.#url.href, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body as BodyInit }),
      redirect: 'manual',
      signal: this.#stop.signal,
      // Options of node-fetch. Decompressing here notices a compressed body that breaks off.
      ...{ agent: this.#agent, compress: false },
    });
    const stream = response.body as unknown as Readable;
    // The reader receives errors. An error after the last read must not end the process.
    stream.on('error', () => {});
    this.#onBreak((error) => stream.destroy(error));
    const headers = Object.fromEntries(response.headers.entries());
    const { status } = response;
    const { longest = LONGEST_RESPONSE } = request;
    return { status, headers, body: unpackedBody(stream, headers['content-encoding'], { status, longest }) };
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#end);
    this.#end();
  }

  /** Calls the listener if a response that has begun breaks off. */
  #onBreak(listener: (error: Error) => void): void {
    this.#brokeOff = listener;
    if (this.#error instanceof Error) listener(this.#error);
  }

  async #open(signal: AbortSignal): Promise<Socket> {
    const destination: Destination = {
      host: this.#url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(this.#url.port || (this.#url.protocol === 'https:' ? 443 : 80)),
      lookup: isLoopback(this.#url) ? lookUpLoopback : undefined,
    };
    if (this.#proxy === undefined) return dial(destination, signal);
    const { openTunnel } = await import('./connection/tunnel.js');
    const socket = await openTunnel(this.#proxy, destination, signal);
    this.#isAtProxy = false;
    return socket;
  }

  #watch(request: ClientRequest): void {
    request.once('socket', (socket: Socket) => {
      const isMade = () => {
        this.#made = true;
      };
      if ('encrypted' in socket) socket.once('secureConnect', isMade);
      else isMade();
    });
    request.on('error', (error) => this.#fail(error));
    request.once('response', (response: IncomingMessage) => {
      response.on('error', (error) => this.#fail(error));
      widen(response);
    });
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#brokeOff?.(error);
  }
}

/**
 * Lets several parts of a response wait for their reader. node-fetch reads it through a stream that holds less than one part,
 * so it would stop the connection and start it again with each: a quarter of the time that a large response takes. There is no
 * option for that stream, and Node's default size is that of all streams of the process, so only this call can replace it.
 *
 * The stream is ended here: with an `end` of its own, `pipe` opens standard output and standard error, to leave them open.
 */
function widen(response: IncomingMessage): void {
  const pipe = response.pipe.bind(response);
  response.pipe = (<To extends NodeJS.WritableStream>() => {
    const wide = new PassThrough({ highWaterMark: WAITING_BYTES });
    response.once('end', () => wide.end());
    return pipe(wide, { end: false }) as NodeJS.WritableStream as To;
  }) as typeof pipe;
}

/** Sends requests with cross-fetch. Import this file with the first request, because cross-fetch takes long to load. */
export const crossFetch: Transport = {
  connect: (url, proxy, signal) => new WatchedConnection(url, proxy, signal),
};
