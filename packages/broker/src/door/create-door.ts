import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerBody, malformed, type OwnAnswer } from '../answer/answers.js';

/** Limits of what callers can take up. Times are in milliseconds. */
export interface Limits {
  /** Until the head of a request is complete. */
  readonly headMs: number;
  /** Until the whole request is complete. */
  readonly requestMs: number;
  readonly connections: number;
}

export const LIMITS: Limits = { headMs: 10_000, requestMs: 30_000, connections: 512 };
const LARGEST_HEAD = 16 * 1024;

/** Takes the requests that are proper HTTP. */
export interface RequestHandler {
  /** Takes in a new connection. */
  connect(socket: Socket): void;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Creates the server of a broker, with the strictest parser that Node has, whatever NODE_OPTIONS says. */
export function createDoor(handler: RequestHandler, limits: Partial<Limits> = {}): Server {
  const { headMs, requestMs } = { ...LIMITS, ...limits };
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: LARGEST_HEAD,
    headersTimeout: headMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(500, headMs),
    keepAliveTimeout: 30_000,
    noDelay: true,
  });
  // Node would drop the headers after the 2,000th, and with them what they say; their size is limited already.
  server.maxHeadersCount = 0;
  server.on('connection', (socket: Socket) => handler.connect(socket));
  server.on('request', (request, response) => void handler.handle(request, response));
  server.on('connect', (_, socket: Socket) => end(socket, 405, malformed('CONNECT is not supported.')));
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => {
    if (code === 'HPE_HEADER_OVERFLOW') end(socket, 431, malformed('The headers are too long.'));
    else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') end(socket, 408, malformed('The request took too long.'));
    else end(socket, 400, malformed('This is not valid HTTP.'));
  });
  return server;
}

/** Answers on a connection that has no response object, and ends it. */
function end(socket: Socket, status: number, answer: OwnAnswer): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = answerBody(answer);
  const head = [`HTTP/1.1 ${status} Refused`, 'Content-Type: application/json', 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () =>
    socket.destroy(),
  );
}
