import type { ApiKey } from '../../base/api-key.js';
import { StorageError } from '../../base/errors.js';
import type { Paths } from '../../config/paths.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import { faultOfEntry } from './check-entry.js';
import { type ExpiryEntry, entriesOf, type LedgerEntry } from './entries.js';
import { addEntry, changeLedger, type LedgerPlace, ledgerTime, newEntryId, readLedger } from './ledger.js';

/** The longest name to note, in UTF-16 code units. */
export const LONGEST_NAME = 100;

/** A key whose expiry date to note. */
export interface ExpiringKey {
  readonly id: number;
  readonly name: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/**
 * Notes the date after which `prune api-keys --expired` deletes a key. Vast.ai does not know it.
 *
 * @param maker the key that made it
 * @throws StorageError if the ledger cannot be written.
 */
export async function noteExpiry(
  place: LedgerPlace,
  { id, name, expires }: ExpiringKey,
  { origin, maker }: { readonly origin: string; readonly maker: ApiKey },
): Promise<void> {
  const common = { entry: newEntryId(), kind: 'expiry', origin, started: ledgerTime() } as const;
  // The name is only shown, and a name of any length must not make the ledger invalid.
  const shown = name.slice(0, LONGEST_NAME);
  const entry = { ...common, id, name: shown, expires, maker: fingerprintOf(maker) };
  if (faultOfEntry(entry) !== undefined)
    throw new StorageError(`The API returned ${id}, which cannot be the ID of a key.`, '');
  await addEntry(place, entry);
}

/** Returns the noted dates of keys for one API, in seconds since 1970, by the id of the key. @throws StorageError */
export async function readExpiries(paths: Paths, origin: string): Promise<ReadonlyMap<number, number>> {
  const entries = entriesOf(await readLedger(paths), 'expiry').filter((entry) => entry.origin === origin);
  return new Map(entries.map(({ id, expires }) => [id, expires]));
}

/** Says which entries to forget: those about keys that are gone. */
export interface GoneKeys {
  readonly origin: string;
  /** Ids of keys that were deleted. */
  readonly deleted: Iterable<number>;
  /**
   * Key that listed the account, and the ids that it listed. A key that it made and did not list is gone; one that another key
   * made may be of another account.
   */
  readonly listed?: { readonly by: ApiKey; readonly ids: ReadonlySet<number> };
}

/**
 * Forgets what is noted about keys that are gone: their dates, and that they have to be deleted; and closes rotations that had
 * only such a key left to delete. Does not take the lock, nor write, if there is nothing to forget.
 *
 * @throws StorageError if the ledger cannot be read or written.
 */
export async function forgetGone(place: LedgerPlace, gone: GoneKeys): Promise<void> {
  const deleted = new Set(gone.deleted);
  const { listed } = gone;
  const isUnlisted = ({ id, maker }: ExpiryEntry) =>
    listed !== undefined && !listed.ids.has(id) && matchesFingerprint(maker, listed.by);
  const isOver = (entry: LedgerEntry) => {
    if (entry.origin !== gone.origin) return false;
    if (entry.kind === 'expiry') return deleted.has(entry.id) || isUnlisted(entry);
    // Whether it is listed says nothing: a run that begins may have noted its key after the list was made.
    if (entry.kind === 'ephemeral') return entry.id !== undefined && deleted.has(entry.id);
    return entry.kind === 'rotation' && entry.next === 'delete' && deleted.has(entry.old.id);
  };
  const stale = new Set((await readLedger(place.paths)).filter(isOver).map(({ entry }) => entry));
  if (stale.size === 0) return;
  await changeLedger(place, (all) => all.filter(({ entry }) => !stale.has(entry)));
}
