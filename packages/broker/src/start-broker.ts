import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseApiUrl } from '@vastai-cli/core/internal/base/origin';
import type { BrokerOptions } from './broker-options.js';
import { createDoor } from './door/create-door.js';
import { RunToken } from './door/run-token.js';
import { Handler } from './handler.js';

/** A running broker. */
export interface Broker {
  /** Its origin, such as `http://127.0.0.1:41234`, without a final slash: the value for `VAST_URL`. */
  readonly url: string;
  /** The token of this run, in the form of a key: the value for `VAST_API_KEY`. */
  readonly token: string;
  /** Ends every request and connection, and frees the port. The token is worth nothing from then on. */
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
  const { upstream, serverless } = options;
  for (const url of [upstream, ...(serverless === undefined ? [] : [serverless])])
    parseApiUrl(url.href, 'upstream');
  const token = new RunToken();
  const handler = new Handler(options, token);
  const server = createDoor(handler, options.limits);
  await listen(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  handler.open(host);
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host}`,
    token: token.value,
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve(handler.close()));
        server.closeAllConnections();
        void handler.close();
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
