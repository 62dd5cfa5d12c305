import type { ApiKey } from '../base/api-key.js';
import type { TransportError } from '../base/errors.js';
import type { ProxyEnvironment } from './connection/proxy.js';
import type { ClientObserver } from './observer.js';
import type { Transport } from './transport.js';

/** Settings of an attempt. */
export interface AttemptSettings {
  readonly key: ApiKey;
  /** Masks the key in a string. */
  readonly mask: (text: string) => string;
  /** Time limit of the whole attempt, including redirects and bodies. */
  readonly timeoutMs: number;
  readonly redirects?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Ends requests that `signal` does not end: those with `seenThrough`. */
  readonly givingUp?: AbortSignal | undefined;
  readonly observer?: ClientObserver | undefined;
  readonly environment: ProxyEnvironment;
  /** Sends the requests; by default, cross-fetch. */
  readonly transport?: Transport | undefined;
}

/** The outcome of an attempt. */
export type Outcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** Headers, with names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      /** Body as it came, decompressed. */
      readonly body: Uint8Array;
      /** Parsed body, or a string if it is not JSON; the key is masked. */
      readonly response: unknown;
      /** Fault of a body that is not JSON. */
      readonly fault?: string;
    }
  | {
      readonly kind: 'passing';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Body of a success that is too long to hold. Call `close` if it is not read to its end. */
      readonly body: AsyncIterable<Uint8Array>;
      readonly close: () => void;
    }
  | {
      readonly kind: 'failure';
      readonly error: TransportError;
      /** True if the server may have received the request. */
      readonly sent: boolean;
      /** True if another attempt could work. */
      readonly passing: boolean;
    };
