import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import fetch from 'cross-fetch';
import { isLoopback } from '../base/origin.js';
import { readStream } from '../files/bounded-read.js';
import { type Destination, dial } from './dial.js';
import { diallingAgent } from './dialling-agent.js';
import { lookUpLoopback } from './loopback-lookup.js';
import {
  type Connection,
  LONGEST_RESPONSE,
  type Transport,
  UnreadableBody,
  type WireRequest,
  type WireResponse,
} from './transport.js';

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
    const stop = new AbortController();
    const end = () => stop.abort();
    this.#signal.addEventListener('abort', end);
    if (this.#signal.aborted) end();
    try {
      const response = await fetch(this.#url.href, {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: 'manual',
        signal: stop.signal,
        // Options of node-fetch. Decompressing here notices a compressed body that breaks off.
        ...{ agent: this.#agent, compress: false },
      });
      const stream = response.body as unknown as Readable;
      // The reader receives errors. An error after the last read must not end the process.
      stream.on('error', () => {});
      this.#onBreak((error) => stream.destroy(error));
      const headers = Object.fromEntries(response.headers.entries());
      const longest = request.longest ?? LONGEST_RESPONSE;
      const packed = await read(stream, response.status, longest);
      return {
        status: response.status,
        headers,
        body: await unpack(packed, headers['content-encoding'], response.status, longest),
      };
    } finally {
      this.#signal.removeEventListener('abort', end);
      // A response that was not read to its end must not keep its connection open.
      end();
    }
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
    const { openTunnel } = await import('./tunnel.js');
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
    request.once('response', (response: IncomingMessage) =>
      response.on('error', (error) => this.#fail(error)),
    );
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#brokeOff?.(error);
  }
}

async function read(stream: Readable, status: number, longest: number): Promise<Buffer> {
  const body = await readStream(stream as AsyncIterable<Buffer>, longest);
  if (body.length > longest) throw new UnreadableBody('too long', status);
  return body;
}

async function unpack(
  packed: Buffer,
  encoding: string | undefined,
  status: number,
  longest: number,
): Promise<Uint8Array> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '' || packed.length === 0) return packed;
  const zlib = await import('node:zlib');
  const unpackers = new Map([
    ['gzip', promisify<Buffer, object, Buffer>(zlib.gunzip)],
    ['x-gzip', promisify<Buffer, object, Buffer>(zlib.gunzip)],
    ['deflate', promisify<Buffer, object, Buffer>(zlib.inflate)],
    ['br', promisify<Buffer, object, Buffer>(zlib.brotliDecompress)],
  ]);
  const unpacker = unpackers.get(name);
  if (unpacker === undefined) throw new UnreadableBody('damaged', status);
  try {
    return await unpacker(packed, { maxOutputLength: longest });
  } catch (error) {
    const long = error instanceof RangeError;
    throw new UnreadableBody(long ? 'too long' : 'damaged', status);
  }
}

/** Sends requests with cross-fetch. Import this file with the first request, because cross-fetch takes long to load. */
export const crossFetch: Transport = {
  connect: (url, proxy, signal) => new WatchedConnection(url, proxy, signal),
};
