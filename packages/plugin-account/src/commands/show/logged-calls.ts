import type { AuditLogRecord } from '@vastai-cli/core/internal/api/audit-logs';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { matchesText } from '@vastai-cli/permissions/report/glob';

/** A call in the audit log. */
export interface LoggedCall extends AuditLogRecord {
  /** True for the first call of a key from an address, if the key was used from another one before. */
  readonly new_address: boolean;
}

/** Chooses calls. What is undefined chooses all. */
export interface CallFilter {
  /** The id of the key. */
  readonly key?: number | undefined;
  /** The earliest time, in seconds since 1970. */
  readonly since?: number | undefined;
  /** A pattern for the route, with or without its method. */
  readonly route?: string | undefined;
  /** A pattern for the address. */
  readonly ip?: string | undefined;
}

/** Returns the calls of a log, the newest first, with new addresses marked. Those without a time come last. */
export function loggedCalls(rows: readonly AuditLogRecord[]): readonly LoggedCall[] {
  const timed = rows.map((row) => ({ row, time: secondsOf(row.created_at) }));
  timed.sort((one, other) => (other.time ?? -1) - (one.time ?? -1));
  const marked = newAddresses(timed);
  return timed.map(({ row }) => ({ ...row, new_address: marked.has(row) }));
}

/** Returns the calls that a filter chooses. A call that does not tell what the filter asks about is not chosen. */
export function chooseCalls(
  calls: readonly LoggedCall[],
  { key, since, route, ip }: CallFilter,
): readonly LoggedCall[] {
  return calls.filter(
    (call) =>
      (key === undefined || call.api_key_id === key) &&
      (since === undefined || (secondsOf(call.created_at) ?? Number.NEGATIVE_INFINITY) >= since) &&
      (route === undefined || matchesRoute(route, call.api_route)) &&
      (ip === undefined || (call.ip_address !== null && matchesText(ip, call.ip_address))),
  );
}

/** Matches the route as logged, and its path alone: the log may name the method, the origin and the query. */
function matchesRoute(pattern: string, route: string | null): boolean {
  if (route === null) return false;
  const path = route
    .replace(/^[A-Z]+ +/u, '')
    .replace(/^https?:\/\/[^/]*/iu, '')
    .replace(/[?#].*$/su, '');
  return matchesText(pattern, route) || matchesText(pattern, path);
}

interface TimedRow {
  readonly row: AuditLogRecord;
  readonly time: number | null;
}

/** Returns the first row of each key from each address but its first. Rows without a time, a key or an address say nothing. */
function newAddresses(newestFirst: readonly TimedRow[]): ReadonlySet<AuditLogRecord> {
  const addresses = new Map<number, Set<string>>();
  const marked = new Set<AuditLogRecord>();
  for (let at = newestFirst.length - 1; at >= 0; at -= 1) {
    const { row, time } = newestFirst[at] as TimedRow;
    const { api_key_id: key, ip_address: address } = row;
    if (time === null || key === null || address === null) continue;
    const known = addresses.get(key);
    if (known === undefined) addresses.set(key, new Set([address]));
    else if (!known.has(address)) {
      known.add(address);
      marked.add(row);
    }
  }
  return marked;
}
