import type { ApiKey } from '../base/api-key.js';
import { labelOf } from '../credentials/chain.js';
import type { Context } from '../credentials/context.js';
import type { Session } from '../credentials/session-lookup.js';
import type { Source } from '../credentials/source.js';
import { Client, type ClientOptions } from '../http/client.js';

/** A key to send, with its place. `acquireKey` returns one. */
export interface KeyToSend {
  readonly key: ApiKey;
  readonly source: Pick<Source, 'location'> & Partial<Pick<Source, 'whenRejected' | 'whenTwoFactor'>>;
  /** Two-factor session to send in its place. */
  readonly session?: Pick<Session, 'key'> | undefined;
}

/**
 * Creates a client for the API of a context, which sends the key that `acquireKey` returned or another one; if it came with
 * a two-factor session, it sends that. It uses the proxy that the environment of the context names.
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
    ...(found.session === undefined
      ? { key: found.key, keySource: labelOf(found) }
      : { key: found.session.key, standsFor: found.key }),
    whenRejected: found.source.whenRejected,
    whenTwoFactor: found.source.whenTwoFactor,
    environment: context.environment,
    ...options,
  });
}
