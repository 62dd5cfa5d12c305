import type { ApiKey } from '../base/api-key.js';
import { labelOf } from '../credentials/chain.js';
import type { Context } from '../credentials/context.js';
import type { Source } from '../credentials/source.js';
import { Client, type ClientOptions } from '../http/client.js';

/** Holds a key to send, and what is known of its place. `acquireKey` returns one. */
export interface KeyToSend {
  readonly key: ApiKey;
  readonly source: Pick<Source, 'location'> & Partial<Pick<Source, 'whenRejected'>>;
}

/**
 * Makes a client for the API of a context that sends a key: what `acquireKey` returned, or another one. It goes through
 * the proxy that the environment of the context names.
 *
 * @param options what is to differ from the defaults of `Client`: time limit, retries, a signal
 * @throws UsageError for an API that the key cannot be sent to safely.
 */
export function createClient(
  context: Context,
  found: KeyToSend,
  options: Omit<ClientOptions, 'key' | 'baseUrl'> = {},
): Client {
  return new Client({
    baseUrl: context.url,
    key: found.key,
    keySource: labelOf(found),
    whenRejected: found.source.whenRejected,
    environment: context.environment,
    ...options,
  });
}
