import { secondsOf } from '../base/server-time.js';
import type { AuditLogRecord } from './audit-logs.js';

/** The calls of one key in the audit log, which holds only important actions. */
export interface KeyUse {
  /** Number of calls, at least 1. */
  readonly calls: number;
  /** Time of the last call in seconds since 1970; null if a row does not tell its time: that call may be the last. */
  readonly lastUsed: number | null;
  /** Address of the last call whose time is known; null if its row does not tell it. */
  readonly lastIp: string | null;
}

/** Returns the uses of each key in an audit log, whose rows can be in any order, by the id of the key. */
export function keyUses(rows: readonly AuditLogRecord[]): ReadonlyMap<number, KeyUse> {
  const uses = new Map<number, { -readonly [Name in keyof KeyUse]: KeyUse[Name] }>();
  const undated = new Set<number>();
  for (const { api_key_id: id, created_at: at, ip_address: lastIp } of rows) {
    if (id === null) continue;
    const lastUsed = secondsOf(at);
    if (lastUsed === null) undated.add(id);
    const use = uses.get(id);
    if (use === undefined) {
      uses.set(id, { calls: 1, lastUsed, lastIp });
      continue;
    }
    use.calls += 1;
    if (lastUsed !== null && lastUsed > (use.lastUsed ?? Number.NEGATIVE_INFINITY))
      Object.assign(use, { lastUsed, lastIp });
  }
  for (const id of undated) Object.assign(uses.get(id) ?? {}, { lastUsed: null });
  return uses;
}
