import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { onTestFinished } from 'vitest';
import { ApiKey } from '../../base/api-key.js';
import { Client, type ClientOptions } from '../client.js';

export const KEY_TEXT = `${'0123456789abcdef'.repeat(3)}0123456789ab_A1b2`;
export const KEY = parseKey(KEY_TEXT);

export function parseKey(text: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(`not a key: ${key}`);
  return key;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
}

export interface Loopback {
  readonly url: URL;
  /** Every request, in order. */
  readonly seen: Seen[];
}

/** Starts an HTTP server on 127.0.0.1 for one test. `respond` is called with each complete request. */
export async function serve(
  respond: (response: ServerResponse, request: Seen, count: number) => void,
): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const entry = {
        method,
        path: url,
        headers,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      seen.push(entry);
      respond(response, entry, seen.length);
    });
  });
  onTestFinished(() => server.closeAllConnections());
  return { url: await listen(server), seen };
}

/** Starts a TCP server on 127.0.0.1 for one test. `talk` is called when the head of a request arrives. */
export async function serveRaw(
  talk: (socket: Socket, count: number) => void,
): Promise<{ url: URL; count: () => number }> {
  let count = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.once('data', () => {
      count += 1;
      talk(socket, count);
    });
  });
  return { url: await listen(server), count: () => count };
}

export async function listen(server: Server | TcpServer, scheme = 'http'): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function clientFor(url: URL, options: Partial<ClientOptions> = {}): Client {
  return new Client({
    baseUrl: url,
    key: KEY,
    keySource: `VAST_API_KEY ${KEY}`,
    retries: 0,
    timeoutMs: 10_000,
    ...options,
  });
}

/** Returns the error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error('it was not rejected');
  return outcome as Error & Record<string, unknown>;
}
