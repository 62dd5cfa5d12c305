import type { ApiKey } from '../base/api-key.js';
import { labelOf } from '../credentials/chain.js';
import type { Context } from '../credentials/context.js';
import type { Source } from '../credentials/source.js';
import { Client, type ClientOptions } from '../http/client.js';

/** A key to send, with its place. `acquireKey` returns one. */
export interface KeyToSend {
  readonly key: ApiKey;
  readonly source: Pick<Source, 'location'> & Partial<Pick<Source, 'whenRejected'>>;
}

/**
 * Creates a client for the API of a context, which sends the key that `acquireKey` returned or another one. It uses the
 * proxy that the environment of the context names.
 *
 * @param options options of `Client`, such as a time limit, retries or a signal
 * @throws UsageError if the key cannot be sent to the API safely.
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
