import { isOutcomeUnknown } from '../../api/unknown-outcome.js';
import type { ApiKey } from '../../base/api-key.js';
import { isVastaiError } from '../../base/errors.js';
import type { Context } from '../../credentials/context.js';
import { keptNotes } from '../../credentials/noted-key.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import { entriesOf, type LedgerEntry, type ResetEntry } from '../ledger/entries.js';
import { withMaker } from '../ledger/inherit.js';
import { changeLedger, ledgerTime, newEntryId, readLedger, removeEntry } from '../ledger/ledger.js';

/** Longest wait for another process, where the journal is not worth a longer one. */
const PATIENCE_MS = 3000;

/** The journal of a reset: what it says while nobody knows whether the old or the new key works. */
export interface ResetJournal {
  /**
   * Sends the request. If the API has certainly not acted, the journal is closed.
   *
   * @throws what `request` throws
   */
  during<T>(request: () => Promise<T>): Promise<T>;
  /** Closes the journal, once the new key is saved or printed. Never fails: an old entry is harmless. */
  close(made: ApiKey): Promise<void>;
}

/**
 * Writes down that a key is about to be reset, so that the next command can say why the stored key is refused.
 *
 * @param isSaved true if the key is the saved one. Otherwise the journal is kept only where it can be written.
 * @throws StorageError if the journal of a saved key cannot be written. Nothing may be requested then.
 */
export async function beginReset(context: Context, old: ApiKey, isSaved: boolean): Promise<ResetJournal> {
  const entry: ResetEntry = {
    kind: 'reset',
    entry: newEntryId(),
    origin: context.url.origin,
    profile: isSaved ? context.profile.name : null,
    // The note itself, so that a profile whose notes have changed is known to have another key.
    old: keptNotes(context.record, old).key_hash ?? fingerprintOf(old),
    started: ledgerTime(),
  };
  const isOlder = (one: LedgerEntry) =>
    one.kind === 'reset' && one.origin === entry.origin && one.profile === entry.profile;
  let isSecond = false;
  const { paths, notify } = context;
  const briefly = { paths, notify, patienceMs: PATIENCE_MS };
  await changeLedger(isSaved ? context : briefly, (entries) => {
    const same = entries.find(
      (one) => isOlder(one) && one.kind === 'reset' && matchesFingerprint(one.old, old),
    );
    // An earlier reset of this key may have worked, which a rejection of this one does not change.
    isSecond = same !== undefined;
    const begun: ResetEntry = { ...entry, started: same?.started ?? entry.started };
    return [...entries.filter((one) => !isOlder(one)), begun];
  }).catch((error: unknown) => {
    if (isSaved || !isVastaiError(error)) throw error;
  });
  return {
    async close(made) {
      await changeLedger(briefly, (entries) =>
        withMaker(entries, entry.origin, old, made).filter((one) => one.entry !== entry.entry),
      ).catch(() => {});
    },
    async during(request) {
      try {
        return await request();
      } catch (error) {
        if (isVastaiError(error) && !isOutcomeUnknown(error) && !isSecond)
          await removeEntry(briefly, entry.entry).catch(() => {});
        throw error;
      }
    },
  };
}

/** Returns when a reset of this key was requested whose outcome is not known, in seconds since 1970. */
export async function openResetOf({ paths }: Context, key: ApiKey): Promise<number | undefined> {
  const entries = await readLedger(paths).catch((error: unknown) => {
    if (!isVastaiError(error)) throw error;
    return [];
  });
  return entriesOf(entries, 'reset').find(({ old }) => matchesFingerprint(old, key))?.started;
}
