import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import type { KeyUse } from '@vastai-cli/core/internal/api/key-uses';
import { usageState } from '@vastai-cli/permissions/decision/observable';
import { documentOf, type Usage } from './listed-key.js';

/** Returns what is known about the use of a key. */
export function usageOf(key: ApiKeyRecord, use: KeyUse | undefined, expires: number | undefined): Usage {
  return {
    usage: usageState(use !== undefined, documentOf(key)),
    last_used: use?.lastUsed ?? null,
    last_ip: use?.lastIp ?? null,
    calls: use?.calls ?? 0,
    expires: expires ?? null,
  };
}
