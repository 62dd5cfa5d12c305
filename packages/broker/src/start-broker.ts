import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseApiUrl } from '@vastai-cli/core/internal/base/origin';
import { proxyFor } from '@vastai-cli/core/internal/http/connection/proxy';
import type { BrokerOptions } from './broker-options.js';
import { createDoor, LIMITS } from './door/create-door.js';
import { Crowd } from './door/crowd.js';
import { Peers } from './door/peer.js';
import { RunToken } from './door/run-token.js';
import type { Handler } from './handler.js';

/** A running broker. */
export interface Broker {
  /** Its origin, such as `http://127.0.0.1:41234`, without a final slash: the value for `VAST_URL`. */
  readonly url: string;
  /** The token of this run, in the form of a key: the value for `VAST_API_KEY`. */
  readonly token: string;
  /** Ends every request and connection, and frees the port. After that, the token is worthless. */
  close(): Promise<void>;
}

/**
 * Starts a broker: a proxy on 127.0.0.1 that holds an API key, and lets programs with its token do what a policy allows. They
 * never see the key.
 *
 * ```ts
 * const broker = await startBroker({ upstream: new URL(DEFAULT_URL), key, policy: { ownInstances: true, maxCreates: 2 } });
 * spawn('agent', { env: { ...env, VAST_URL: broker.url, VAST_API_KEY: broker.token } });
 * ```
 *
 * Other programs of the same user can still read that user's files and ask the keychain. To keep the key from a program
 * altogether, run it as another user, or in a container.
 *
 * @throws UsageError if `upstream` is plain http to another machine, or the proxy is not valid; Error if no port is free.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { upstream, serverless, environment = {}, limits } = options;
  for (const url of [upstream, ...(serverless === undefined ? [] : [serverless])]) {
    parseApiUrl(url.href, 'upstream');
    proxyFor(url, environment);
  }
  const token = new RunToken();
  const peers = new Peers();
  const crowd = new Crowd(limits?.connections ?? LIMITS.connections);
  let handler: Promise<Handler> | undefined;
  // What answers requests is loaded with the first one, so that a program starts before.
  const load = async () => {
    const { Handler } = await import('./handler.js');
    return new Handler(options, crowd, { token, host, peers });
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    handler ??= load();
    // If it cannot be loaded, no request is answered.
    await handler.then((loaded) => loaded.handle(request, response)).catch(() => void response.destroy());
  };
  const server = createDoor({ connect: (socket) => crowd.enter(socket), handle }, limits);
  await listen(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const end = async () => {
    await handler?.then((loaded) => loaded.close()).catch(() => {});
    peers.close();
  };
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host}`,
    token: token.value,
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve(end()));
        server.closeAllConnections();
        void end();
      });
      return closed;
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
