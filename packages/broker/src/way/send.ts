import { type Agent, type IncomingMessage, request as sendHttp } from 'node:http';
import { request as sendHttps } from 'node:https';
import type { Socket } from 'node:net';
import { finished, type Readable } from 'node:stream';
import { isLoopback } from '@vastai-cli/core/internal/base/origin';
import { describeFailure } from '@vastai-cli/core/internal/http/connection/connection-failure';
import { type Destination, dial } from '@vastai-cli/core/internal/http/connection/dial';
import { diallingAgent } from '@vastai-cli/core/internal/http/connection/dialling-agent';
import { lookUpLoopback } from '@vastai-cli/core/internal/http/connection/loopback-lookup';
import { type ProxyEnvironment, proxyFor } from '@vastai-cli/core/internal/http/connection/proxy';
import { deadlineAfter } from './deadline.js';
import { isUnusable, readResponse } from './response-bytes.js';

/** A request to the API. */
export interface OutgoingRequest {
  readonly method: string;
  readonly origin: URL;
  /** Path and query, sent exactly as they are. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** True to read its response to the end, because all of it is needed. By default, long ones are passed on in pieces. */
  readonly isWhole?: boolean;
}

/** Describes the outcome of a request. */
export type Sent =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly location: string | undefined;
      /** All of it, or the beginning of a long success. */
      readonly body: Buffer;
      /** Streams what follows the beginning. Fails if the response does not arrive whole. Destroy it if you do not read it. */
      readonly rest?: Readable | undefined;
    }
  /** One sentence in `message`; `sent` is true if the API may have acted. */
  | { readonly kind: 'failure'; readonly message: string; readonly sent: boolean };

/**
 * Sends requests to one origin, through the proxy of the environment, with certificates always verified.
 *
 * A GET takes a connection that is open. Everything else gets a connection of its own: when an old one fails, nobody knows if
 * the server has acted.
 */
export class Sender {
  readonly #environment: ProxyEnvironment;
  readonly #timeoutMs: number;
  readonly #kept: Agent;
  readonly #fresh: Agent;

  /** @throws UsageError if the proxy in the environment is not valid. */
  constructor(origin: URL, environment: ProxyEnvironment, timeoutMs: number) {
    this.#environment = environment;
    this.#timeoutMs = timeoutMs;
    const proxy = proxyFor(origin, environment);
    this.#kept = agentFor(origin, proxy, true);
    this.#fresh = agentFor(origin, proxy, false);
  }

  /**
   * Sends a request, and reads its response, or the beginning of a long one. Does not follow redirects. Repeats only a GET, if
   * its connection was an old one and ended before a response: the server may have closed it at the same time.
   *
   * @param ready resolves to true once the request may be sent. The connection is made in the meantime.
   */
  async send(request: OutgoingRequest, signal: AbortSignal, ready: Promise<boolean>): Promise<Sent> {
    const deadline = deadlineAfter(this.#timeoutMs, signal);
    const progress = { sent: false, isReused: false };
    const exchange = (agent: Agent) => this.#exchange(request, agent, deadline.signal, ready, progress);
    try {
      const isRead = request.method === 'GET';
      const response = await exchange(isRead ? this.#kept : this.#fresh).catch((error: unknown) => {
        if (!isRead || !progress.isReused || !isClosed(error) || deadline.signal.aborted) throw error;
        return exchange(this.#fresh);
      });
      const { statusCode: status = 0, headers } = response;
      const { first: body, rest } = await readResponse(response, request.isWhole === true);
      if (rest !== undefined && (status < 200 || status > 299)) {
        rest.destroy();
        const message = `The API responded with status ${status} and a body that is too long for an error.`;
        return { kind: 'failure', message, sent: true };
      }
      if (rest === undefined) deadline.clear();
      else finished(rest, deadline.clear);
      return { kind: 'response', status, location: headers.location, body, rest };
    } catch (error) {
      const message = isUnusable(error) ? UNUSABLE : await this.#describe(error, request, deadline.signal);
      deadline.clear();
      return { kind: 'failure', message, sent: progress.sent };
    }
  }

  close(): void {
    this.#kept.destroy();
    this.#fresh.destroy();
  }

  #exchange(
    { method, origin, target, headers, body }: OutgoingRequest,
    agent: Agent,
    signal: AbortSignal,
    ready: Promise<boolean>,
    progress: { sent: boolean; isReused: boolean },
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = origin.protocol === 'https:' ? sendHttps : sendHttp;
      const request = send({
        method,
        host: origin.hostname.replace(/^\[|\]$/gu, ''),
        port: portOf(origin),
        path: target,
        headers: { Host: origin.host, ...headers, ...lengthOf(body) },
        agent,
        signal,
      });
      let isConnected = false;
      let isWritten = false;
      const update = () => {
        progress.sent = isConnected && isWritten;
      };
      const connected = () => {
        isConnected = true;
        update();
      };
      request.once('socket', (socket: Socket) => {
        progress.isReused = request.reusedSocket;
        if ('encrypted' in socket && !request.reusedSocket) socket.once('secureConnect', connected);
        else connected();
      });
      request.once('error', reject);
      request.once('response', resolve);
      // A response that switches the protocol is neither a response nor an error to Node.
      request.once('close', () => reject(new Error('The connection was closed.')));
      ready.then((isReady) => {
        if (!isReady) return request.destroy(new Error('The request must not be sent.'));
        isWritten = true;
        update();
        return request.end(body);
      }, reject);
    });
  }

  async #describe(error: unknown, { origin }: OutgoingRequest, stop: AbortSignal): Promise<string> {
    if (stop.aborted) return `${origin.origin} did not respond in time.`;
    const proxy = proxyFor(origin, this.#environment);
    return (await describeFailure(error, origin.origin, proxy, this.#environment)).message;
  }
}

function isClosed(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

const UNUSABLE = 'The response is longer than 10 MiB, or damaged.';

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
}

function portOf(origin: URL): number {
  return Number(origin.port || (origin.protocol === 'https:' ? 443 : 80));
}

function agentFor(origin: URL, proxy: URL | undefined, keepAlive: boolean): Agent {
  const open = () => {
    const { signal, clear } = deadlineAfter(LONGEST_CONNECT_MS);
    return socketTo(origin, proxy, signal).finally(clear);
  };
  return diallingAgent({ isSecure: origin.protocol === 'https:', keepAlive, open });
}

const LONGEST_CONNECT_MS = 60_000;

async function socketTo(origin: URL, proxy: URL | undefined, signal: AbortSignal): Promise<Socket> {
  const destination: Destination = {
    host: origin.hostname.replace(/^\[|\]$/gu, ''),
    port: portOf(origin),
    lookup: isLoopback(origin) ? lookUpLoopback : undefined,
  };
  if (proxy === undefined) return dial(destination, signal);
  const { openTunnel } = await import('@vastai-cli/core/internal/http/connection/tunnel');
  return openTunnel(proxy, destination, signal);
}
