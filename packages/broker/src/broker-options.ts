import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import type { ProxyEnvironment } from '@vastai-cli/core/internal/http/connection/proxy';
import type { RecordedCall } from '@vastai-cli/permissions/authoring/recording';
import type { Limits } from './door/create-door.js';
import type { Policy, Refusal } from './policy/policy.js';

/** Holds the key and the policy of a broker, and where its calls go. */
export interface BrokerOptions {
  /** The origin of the API: https, or plain http on this machine. */
  readonly upstream: URL;
  /** The key, which is sent to the API alone. */
  readonly key: ApiKey;
  /** The key that `key` stands in for, if `key` is a two-factor session. It is masked in responses too. */
  readonly standsFor?: ApiKey | undefined;
  /** By default, everything but the sensitive operations is allowed. */
  readonly policy?: Policy | undefined;
  /** Called for each call that had the token, once it has its response. If it throws, all later calls are refused. */
  readonly record?: ((call: RecordedCall) => void) | undefined;
  /** Called for each refused call. If it throws, nothing changes. */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** Receives the calls of the serverless API. Without it, they are refused. */
  readonly serverless?: URL | undefined;
  /** Variables to take a proxy from: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`. Without them, no proxy is used. */
  readonly environment?: ProxyEnvironment | undefined;
  /** Time limit of one request to the API, in milliseconds; by default, 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Limits of the callers; for tests. */
  readonly limits?: Partial<Limits> | undefined;
}
