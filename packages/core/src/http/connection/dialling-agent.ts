import { Agent, type ClientRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';

/** Methods of a Node agent that its types leave out. */
interface OpenAgent {
  addRequest(request: ClientRequest, options: RequestOptions): void;
  /** Returns the socket, or `undefined` if `done` receives it later. */
  createConnection(
    options: object,
    done?: (error: Error | null, socket?: Socket) => void,
  ): Socket | undefined;
}

interface Dialling {
  /** True for TLS, with certificates always verified. */
  readonly isSecure: boolean;
  /** True to use a connection for more than one request. */
  readonly keepAlive?: boolean;
  /** Opens the connection below TLS. */
  open(): Promise<Socket>;
  /** Called with each request before it has a connection. */
  readonly watch?: (request: ClientRequest) => void;
}

/** Creates an agent of Node that takes its connections from `open`: through a proxy, or from the first address that responds. */
export function diallingAgent({ isSecure, keepAlive = false, open, watch }: Dialling): Agent {
  // Set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 changes the default.
  const created = isSecure
    ? new SecureAgent({ keepAlive, rejectUnauthorized: true })
    : new Agent({ keepAlive });
  const agent = created as unknown as OpenAgent;
  const { addRequest, createConnection } = agent;
  agent.addRequest = (request, { headers: _, ...options }) => {
    watch?.(request);
    // Without the headers, which the request already has: with NODE_DEBUG=http, Node prints these options.
    addRequest.call(agent, request, options);
  };
  agent.createConnection = (options, done) => {
    const connect = async () => {
      const socket = await open();
      return isSecure ? createConnection.call(agent, { ...options, socket }) : socket;
    };
    connect().then((socket) => done?.(null, socket), done);
    return undefined;
  };
  return created;
}
