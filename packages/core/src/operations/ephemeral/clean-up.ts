import type { ApiKey } from '../../base/api-key.js';
import { isVastaiError, type VastaiError } from '../../base/errors.js';
import { thisProcess } from '../../files/lock-holder.js';
import type { Client } from '../../http/client.js';
import { matchesFingerprint } from '../../secrets/fingerprint.js';
import { type EphemeralEntry, entriesOf } from '../ledger/entries.js';
import { type LedgerPlace, ledgerTime, readLedger, removeEntry } from '../ledger/ledger.js';
import { deleteKeyOfRun, type KeyLeft } from './delete.js';
import { isRunOver } from './left-behind.js';

/** Time in which the API may still create a key whose request was cut off, in seconds. */
const LATE_AFTER = 600;

/** Says which keys to clean up, and how. */
export interface CleanUp {
  readonly place: LedgerPlace;
  /** Origin of the API. */
  readonly origin: string;
  /** Key of this run. Only what it made is cleaned up. */
  readonly key: ApiKey;
  /** Sends that key. */
  readonly client: () => Promise<Client>;
}

/** Says what became of the keys of runs that were killed. */
export interface CleanedUp {
  /** Keys that are gone. */
  readonly deleted: readonly EphemeralEntry[];
  /** Keys that may still exist, and why. */
  readonly failed: readonly KeyLeft[];
  /** Keys that another key made, which alone can tell whether they are gone. */
  readonly ofOthers: readonly EphemeralEntry[];
  /** Explains why the ledger still has deleted keys. The next call tries again. */
  readonly unwritten?: VastaiError;
}

/**
 * Deletes the keys that runs of `exec --ephemeral` left behind because they were killed. It deletes only keys that the key of
 * this run made, and only if the run is over: see `isRunOver`. It goes on after a failure, and with the next call.
 *
 * @throws StorageError if the ledger cannot be read
 */
export async function cleanUpEphemeralKeys({ place, origin, key, client }: CleanUp): Promise<CleanedUp> {
  const deleted: EphemeralEntry[] = [];
  const failed: KeyLeft[] = [];
  const ofOthers: EphemeralEntry[] = [];
  let unwritten: VastaiError | undefined;
  const close = async ({ entry }: EphemeralEntry) => {
    try {
      // Where it could not be written once, each try may wait for the lock as long.
      if (unwritten === undefined) await removeEntry(place, entry);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      unwritten = error;
    }
  };
  const self = await thisProcess();
  for (const entry of entriesOf(await readLedger(place.paths), 'ephemeral')) {
    if (entry.origin !== origin || !(await isRunOver(entry, self))) continue;
    if (!matchesFingerprint(entry.maker, key)) {
      ofOthers.push(entry);
      continue;
    }
    try {
      if (await deleteKeyOfRun(await client(), entry)) {
        deleted.push(entry);
        await close(entry);
      } else if (ledgerTime() - entry.started > LATE_AFTER) await close(entry);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      failed.push({ entry, error });
      // The next request would wait as long.
      if (error.code === 'interrupted' || error.code === 'unreachable') break;
    }
  }
  return { deleted, failed, ofOthers, ...(unwritten === undefined ? {} : { unwritten }) };
}
