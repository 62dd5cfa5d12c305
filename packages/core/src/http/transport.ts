import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { readStream } from '../files/bounded-read.js';
import type { Connection } from './connection.js';

/** The longest answer that is read, compressed or not: 10 MiB. */
const LARGEST_RESPONSE = 10 * 1024 * 1024;

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

/** An answer came, but its body is longer than `LARGEST_RESPONSE` or cannot be unpacked. */
export class UnreadableBody extends Error {
  constructor(
    readonly fault: 'too long' | 'damaged',
    readonly status: number,
  ) {
    super(fault);
  }
}

/**
 * Sends one request and reads its answer; redirects are answers like any other.
 *
 * @param signal ends it at any point, the body included.
 * @throws UnreadableBody; what `connection.error` says or a plain Error where the connection failed.
 */
export async function exchange(
  request: WireRequest,
  connection: Connection,
  signal: AbortSignal,
): Promise<WireResponse> {
  // cross-fetch and what it brings cost 30 ms: they are loaded when there is a request, and not before.
  const { default: fetch } = await import('cross-fetch');
  const stop = new AbortController();
  const end = () => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const response = await fetch(request.url.href, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: stop.signal,
      // Two options of node-fetch: it would accept a compressed body that breaks off.
      ...{ agent: connection.agent, compress: false },
    });
    const stream = response.body as unknown as Readable;
    // Errors reach the reader; one that comes when nobody reads any more must not end the process.
    stream.on('error', () => {});
    connection.onBreak((error) => stream.destroy(error));
    const headers = Object.fromEntries(response.headers.entries());
    const packed = await read(stream, response.status);
    return {
      status: response.status,
      headers,
      body: await unpack(packed, headers['content-encoding'], response.status),
    };
  } finally {
    signal.removeEventListener('abort', end);
    // An answer that was not read to its end must not keep its connection.
    end();
  }
}

async function read(stream: Readable, status: number): Promise<Buffer> {
  const body = await readStream(stream as AsyncIterable<Buffer>, LARGEST_RESPONSE);
  if (body.length > LARGEST_RESPONSE) throw new UnreadableBody('too long', status);
  return body;
}

async function unpack(packed: Buffer, encoding: string | undefined, status: number): Promise<Uint8Array> {
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
    return await unpacker(packed, { maxOutputLength: LARGEST_RESPONSE });
  } catch (error) {
    const long = error instanceof RangeError;
    throw new UnreadableBody(long ? 'too long' : 'damaged', status);
  }
}
