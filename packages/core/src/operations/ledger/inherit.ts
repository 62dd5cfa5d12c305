import type { ApiKey } from '../../base/api-key.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import { entriesOf, type LedgerEntry } from './entries.js';
import { LONGEST_NAME } from './expiries.js';
import { ledgerTime, newEntryId } from './ledger.js';

/** A key that takes the place of another one. */
export interface Successor {
  readonly id: number;
  readonly name: string;
  /** Key that can tell whether it is gone. */
  readonly maker: ApiKey;
}

/** Adds the expiry date of a key for the one that replaces it, so that replacing a key does not make it last longer. */
export function withExpiryFor(
  entries: readonly LedgerEntry[],
  origin: string,
  old: number,
  { id, name, maker }: Successor,
): readonly LedgerEntry[] {
  const expiry = entriesOf(entries, 'expiry').find((one) => one.origin === origin && one.id === old);
  if (expiry === undefined) return entries;
  const shown = name.slice(0, LONGEST_NAME);
  const common = { entry: newEntryId(), started: ledgerTime(), maker: fingerprintOf(maker) };
  return [...entries, { ...expiry, ...common, id, name: shown }];
}

/** Leaves out the expiry date of a key. */
export function withoutExpiryOf(
  entries: readonly LedgerEntry[],
  origin: string,
  id: number | undefined,
): readonly LedgerEntry[] {
  return entries.filter((one) => one.kind !== 'expiry' || one.origin !== origin || one.id !== id);
}

/**
 * Makes the key that replaces another one answer for the keys that the old one made. Otherwise nothing could clean them up any
 * more.
 */
export function withMaker(
  entries: readonly LedgerEntry[],
  origin: string,
  old: ApiKey,
  replacement: ApiKey,
): readonly LedgerEntry[] {
  return entries.map((one) =>
    'maker' in one && one.origin === origin && matchesFingerprint(one.maker, old)
      ? { ...one, maker: fingerprintOf(replacement) }
      : one,
  );
}
