import type { ApiKey } from '../base/api-key.js';
import type { AcquiredKey } from './acquire-key.js';

type Found = Pick<AcquiredKey, 'key'> & { readonly session?: { readonly key: ApiKey } | undefined };

/** Returns what is sent of a key: its two-factor session, if it has one, or else the key itself. */
export function sentKey({ key, session }: Found): ApiKey {
  return session?.key ?? key;
}

/** Returns all that must be masked where a key is used: the one that is sent first, then the key that it stands in for. */
export function secretsOf({ key, session }: Found): readonly [ApiKey, ...ApiKey[]] {
  return session === undefined ? [key] : [session.key, key];
}
