import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import { isLoopback } from '../config/origin.js';
import { UsageError } from '../errors.js';
import { lookUpLoopback } from './loopback-lookup.js';

/** Said outright, since NODE_TLS_REJECT_UNAUTHORIZED=0 would make the default another one. */
const VERIFIED = { rejectUnauthorized: true } as const;

/** The proxy answered the request for a tunnel, and not with one. */
export class ProxyRefusal extends Error {
  constructor(readonly status: number) {
    super('proxy refusal');
  }
}

/**
 * The connection of one request, watched.
 *
 * fetch tells neither whether a failed request ever reached the server, which decides whether it may be repeated,
 * nor (in node-fetch 2, for a body of a known length) that an answer broke off. The agent sees both.
 */
export class Connection {
  #made = false;
  #error: unknown;
  #brokeOff: ((error: Error) => void) | undefined;

  private constructor(
    readonly agent: Agent,
    readonly proxy: URL | undefined,
  ) {
    const watched = agent as Agent & { addRequest(request: ClientRequest, options: RequestOptions): void };
    const add = watched.addRequest;
    watched.addRequest = (request, { headers: _, ...options }) => {
      this.#watch(request);
      // The request has its headers by now. With NODE_DEBUG=http, Node prints these options, the key among them.
      add.call(watched, request, options);
    };
  }

  /** Prepares the connection to a URL, through the proxy if there is one; the signal ends a tunnel under way. */
  static async to(url: URL, proxy: URL | undefined, signal: AbortSignal): Promise<Connection> {
    if (proxy !== undefined) return new Connection(await tunnelAgent(proxy, signal), proxy);
    const lookup = isLoopback(url) ? { lookup: lookUpLoopback } : {};
    const agent = url.protocol === 'https:' ? new SecureAgent({ ...VERIFIED, ...lookup }) : new Agent(lookup);
    return new Connection(agent, undefined);
  }

  /** Whether the server could be spoken to, so that what was sent may have arrived. */
  get made(): boolean {
    return this.#made;
  }

  /** Why the request failed, as Node tells it. */
  get error(): unknown {
    return this.#error;
  }

  /** Calls back when an answer that has begun breaks off. */
  onBreak(listener: (error: Error) => void): void {
    this.#brokeOff = listener;
    if (this.#error instanceof Error) listener(this.#error);
  }

  #watch(request: ClientRequest): void {
    request.once('socket', (socket: Socket) => {
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
        this.#made = true;
      });
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

/** An agent that asks the proxy for a tunnel; only loaded where there is a proxy. */
async function tunnelAgent(proxy: URL, signal: AbortSignal): Promise<Agent> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  class TunnelAgent extends HttpsProxyAgent<string> {
    override async connect(
      ...[request, options]: Parameters<InstanceType<typeof HttpsProxyAgent>['connect']>
    ) {
      let status = 0;
      request.once('proxyConnect', (answer: { statusCode: number }) => {
        status = answer.statusCode;
      });
      // What the agent itself is given is for the connection to the proxy alone.
      const socket = await super.connect(request, { ...options, ...VERIFIED }).catch((error: unknown) => {
        // Until it has answered, what failed is the connection to the proxy itself.
        throw status === 0 && error instanceof Error ? Object.assign(error, { ofProxy: true }) : error;
      });
      // The agent would hand on the proxy's own answer as if it came from the API.
      if (status !== 200) {
        socket.destroy();
        throw new ProxyRefusal(status);
      }
      return socket;
    }
  }
  // The agent writes its proxy's URL to its debug log: the password travels as a header instead.
  const bare = new URL(proxy);
  bare.username = '';
  bare.password = '';
  const headers = proxyHeaders(proxy);
  // A function, because NODE_DEBUG=http prints what the agent is made of.
  return new TunnelAgent(bare, { ...VERIFIED, signal, headers: () => headers });
}

function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === '' && proxy.password === '') return {};
  try {
    const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    return { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  } catch {
    throw new UsageError('The user name or password of the proxy is not percent-encoded correctly.');
  }
}
