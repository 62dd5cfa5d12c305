import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import { isLoopback } from '../base/origin.js';
import { type Destination, dial } from './dial.js';
import { lookUpLoopback } from './loopback-lookup.js';
import { openTunnel, VERIFIED } from './tunnel.js';

/** What an agent of Node is made of, and its types leave out. */
interface OpenAgent {
  addRequest(request: ClientRequest, options: RequestOptions): void;
  /** Returns the socket, or nothing and hands it over later. */
  createConnection(
    options: object,
    done?: (error: Error | null, socket?: Socket) => void,
  ): Socket | undefined;
}

/**
 * The connection of one request, watched.
 *
 * fetch tells neither whether a failed request ever reached the server, which decides whether it may be repeated,
 * nor (in node-fetch 2, for a body of a known length) that an answer broke off. The agent sees both.
 */
export class Connection {
  readonly agent: Agent;
  readonly #url: URL;
  readonly #proxy: URL | undefined;
  #made = false;
  #error: unknown;
  #brokeOff: ((error: Error) => void) | undefined;
  #isAtProxy: boolean;

  /** Prepares the connection to a URL, through the proxy if there is one; the signal ends one that is being made. */
  constructor(url: URL, proxy: URL | undefined, signal: AbortSignal) {
    this.#url = url;
    this.#proxy = proxy;
    this.#isAtProxy = proxy !== undefined;
    this.agent = url.protocol === 'https:' ? new SecureAgent(VERIFIED) : new Agent();
    const agent = this.agent as unknown as OpenAgent;
    const { addRequest, createConnection } = agent;
    agent.addRequest = (request, { headers: _, ...options }) => {
      this.#watch(request);
      // The request has its headers by now. With NODE_DEBUG=http, Node prints these options, the key among them.
      addRequest.call(agent, request, options);
    };
    agent.createConnection = (options, done) => {
      const open = async () => {
        const socket = await this.#open(signal);
        return url.protocol === 'https:' ? createConnection.call(agent, { ...options, socket }) : socket;
      };
      open().then((socket) => done?.(null, socket), done);
      return undefined;
    };
  }

  /** Whether the server could be spoken to, so that what was sent may have arrived. */
  get made(): boolean {
    return this.#made;
  }

  /** Why the request failed, as Node tells it. */
  get error(): unknown {
    return this.#error;
  }

  /** The proxy, as long as the connection has not got beyond it. */
  get proxyInTheWay(): URL | undefined {
    return this.#isAtProxy ? this.#proxy : undefined;
  }

  /** Calls back when an answer that has begun breaks off. */
  onBreak(listener: (error: Error) => void): void {
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
