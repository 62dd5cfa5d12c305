import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { isSystemKey, primaryKeys } from '@vastai-cli/core/internal/api/primary-key';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { matchesName, type Usage } from '../../keys/listed-key.js';

/** Says which keys to delete. Times are in seconds. */
export interface PruneCriteria {
  /** Delete used keys whose last use is longer ago. */
  readonly unusedFor?: number | undefined;
  /** Delete keys that the audit log never shows too, if they are older than that. */
  readonly includeUnseen: boolean;
  /** Delete keys after the date that is noted here. */
  readonly expired: boolean;
  /** A pattern for the name of the keys to look at. */
  readonly name?: string | undefined;
}

/** Says why a key is deleted. */
export type PruneCause = 'expired' | 'unused' | 'never_seen';

/** Says why a key is kept although the criteria choose it. */
export type KeptReason =
  /** This run sends it. */
  | 'in_use'
  /** It is, or may be, the primary key of the account. */
  | 'primary'
  /** Vast.ai made it. */
  | 'not_user_created'
  /** A profile on this machine has it. */
  | 'profile'
  /** A rotation that is not finished needs it. */
  | 'rotation'
  /** A program that vastai started may be using it. */
  | 'run';

export interface KeptKey {
  readonly id: number;
  readonly reason: KeptReason;
}

/** A key of the account, with what is known about its use. Without an audit log, only `expires` is known. */
export type PrunableKey = ApiKeyRecord & Partial<Usage>;

export interface DoomedKey {
  readonly key: PrunableKey;
  readonly cause: PruneCause;
}

/** Returns the keys that the criteria choose, whatever protects them. */
export function chosenKeys(
  keys: readonly PrunableKey[],
  criteria: PruneCriteria,
  now: number,
): readonly DoomedKey[] {
  const { name } = criteria;
  const named = keys.filter((key) => name === undefined || matchesName(name, key));
  return named.flatMap((key) => {
    const cause = causeFor(key, criteria, now);
    return cause === undefined ? [] : [{ key, cause }];
  });
}

/** Says which keys must stay: by id, or by name for a key whose id is not known yet. */
export interface Protection {
  readonly byId: ReadonlyMap<number, KeptReason>;
  readonly byName: ReadonlyMap<string, KeptReason>;
}

/**
 * Separates the keys to delete from those to keep.
 *
 * @param all every key of the account, which tells which one is the primary key
 */
export function planPrune(
  chosen: readonly DoomedKey[],
  all: readonly ApiKeyRecord[],
  protection: Protection,
): { readonly doomed: readonly DoomedKey[]; readonly kept: readonly KeptKey[] } {
  const primary = primaryKeys(all);
  const doomed: DoomedKey[] = [];
  const kept: KeptKey[] = [];
  for (const one of chosen) {
    const { id, name } = one.key;
    const reason =
      protection.byId.get(id) ??
      (primary.has(id) ? 'primary' : undefined) ??
      (isSystemKey(one.key) ? 'not_user_created' : undefined) ??
      (name === null ? undefined : protection.byName.get(name));
    if (reason === undefined) doomed.push(one);
    else kept.push({ id, reason });
  }
  return { doomed, kept };
}

function causeFor(
  { usage, last_used: lastUsed, expires, created_at: createdAt }: PrunableKey,
  { unusedFor, includeUnseen, expired }: PruneCriteria,
  now: number,
): PruneCause | undefined {
  const isOlder = (time: number | null | undefined) =>
    unusedFor !== undefined && time !== null && time !== undefined && now - time > unusedFor;
  if (expired && typeof expires === 'number' && expires <= now) return 'expired';
  if (usage === 'used') return isOlder(lastUsed) ? 'unused' : undefined;
  // Its calls may be older than the log, so only its own age says that it had the time to be used.
  if (usage === 'never_seen' && includeUnseen && isOlder(secondsOf(createdAt))) return 'never_seen';
  return undefined;
}
