import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import type { UsageState } from '@vastai-cli/permissions/decision/observable';
import { matchesText } from '@vastai-cli/permissions/report/glob';

/** Holds what is known about the use of a key. Times are in seconds since 1970. */
export interface Usage {
  /** `never_seen` does not mean unused, and `not_observable` is a key whose calls the audit log never shows. */
  readonly usage: UsageState;
  /** The time of the last call in the audit log. Null if it has none, or does not tell its time. */
  readonly last_used: number | null;
  /** The address of that call. */
  readonly last_ip: string | null;
  /** The number of calls in the audit log. */
  readonly calls: number;
  /** The date that `create api-key --expires` noted here, or null. */
  readonly expires: number | null;
}

/** A key of the account in a list. */
export interface ListedKey extends ApiKeyRecord, Partial<Usage> {
  /** True for the key in use. Left out if its id is not known. */
  readonly in_use?: boolean;
}

/** Returns the permission document of a key: null for full access, undefined if the API does not tell. */
export function documentOf({ permissions, full_access: fullAccess }: ApiKeyRecord): unknown {
  return permissions ?? (fullAccess === true ? null : undefined);
}

/** Returns true if a pattern matches the name of a key. A key without a name has an empty one. */
export function matchesName(pattern: string, { name }: Pick<ApiKeyRecord, 'name'>): boolean {
  return matchesText(pattern, name ?? '');
}

/** The orders of a list of keys. */
export const SORTS = ['id', 'name', 'created', 'last-used', 'expires'] as const;
export type Sort = (typeof SORTS)[number];

/** Sorts keys: the lowest id, the oldest, or the one unused for longest first. Keys without that value come last. */
export function sortKeys(keys: readonly ListedKey[], by: Sort | undefined): readonly ListedKey[] {
  if (by === undefined) return keys;
  return [...keys].sort((one, other) => compare(valueFor(one, by), valueFor(other, by)));
}

function valueFor(key: ListedKey, by: Sort): string | number | null {
  if (by === 'id') return key.id;
  if (by === 'name') return key.name;
  if (by === 'created') return secondsOf(key.created_at);
  return (by === 'last-used' ? key.last_used : key.expires) ?? null;
}

function compare(one: string | number | null, other: string | number | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
