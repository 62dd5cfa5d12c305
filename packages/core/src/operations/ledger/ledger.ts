import { randomBytes } from 'node:crypto';
import { StorageError } from '../../base/errors.js';
import { isObject } from '../../base/json-object.js';
import type { Paths } from '../../config/paths.js';
import type { Context } from '../../credentials/context.js';
import { removeLeftovers } from '../../files/leftovers.js';
import { withLock } from '../../files/lock.js';
import { readPrivateFile, removePrivateFile, writePrivateFile } from '../../files/private-file.js';
import { ensurePrivateFolder } from '../../files/private-folder.js';
import { faultOfEntry, isKnownKind } from './check-entry.js';
import type { LedgerEntry } from './entries.js';

/** Version of `ledger.json` that this program writes. */
const LEDGER_VERSION = 1;
/** Most bytes that adding an entry may lead to: over a thousand entries, and half of what `readPrivateFile` takes. */
const MOST_BYTES = 512 * 1024;

/** Holds what `changeLedger` needs of a context. */
export interface LedgerPlace extends Pick<Context, 'paths' | 'notify'> {
  /** Longest wait for the lock, in milliseconds; by default, that of `withLock`. */
  readonly patienceMs?: number | undefined;
}

interface Ledger {
  /** The whole file, with the fields that only a newer version knows. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly entries: readonly LedgerEntry[];
  /** Entries that only a newer version understands. */
  readonly others: readonly unknown[];
}

/**
 * Reads what vastai has to finish or clean up: `ledger.json`. An entry of a kind that this version does not know is left out.
 *
 * @throws StorageError if the file is not valid or cannot be read. It is then left as it is.
 */
export async function readLedger(paths: Paths): Promise<readonly LedgerEntry[]> {
  return (await read(paths)).entries;
}

/**
 * Changes the ledger under the lock of keys and settings, and writes it before it returns. Fields and entries that only a newer
 * version knows stay, so return entries as they are or as copies: `{ ...entry, id }`.
 *
 * @param change returns all entries, in any order, without those that are done
 * @throws StorageError if the ledger is not valid, is full, or cannot be written. It is then left as it is.
 */
export async function changeLedger(
  place: LedgerPlace,
  change: (entries: readonly LedgerEntry[]) => readonly LedgerEntry[],
): Promise<void> {
  const { paths, notify, patienceMs } = place;
  await withLock(paths.lockFile, () => changeLedgerUnderLock(paths, change), notify, patienceMs);
}

/** Does what `changeLedger` does, for a caller that holds the lock. */
async function changeLedgerUnderLock(
  paths: Paths,
  change: (entries: readonly LedgerEntry[]) => readonly LedgerEntry[],
): Promise<void> {
  const before = await read(paths);
  const entries = change(before.entries);
  // An entry that cannot be read back would block every command that needs the ledger.
  const fault = entries.map((entry) => faultOfEntry({ ...entry })).find((one) => one !== undefined);
  if (fault !== undefined) throw new Error(`The field "${fault}" of a ledger entry is not valid.`);
  if (entries.length + before.others.length === 0 && Object.keys(before.fields).every(isOwnField)) {
    // Needs no space, so that the last entry can be closed on a full disk too.
    await removePrivateFile(paths.ledgerFile);
    return;
  }
  const version = before.fields.version ?? LEDGER_VERSION;
  const after = { ...before.fields, version, entries: [...entries, ...before.others] };
  const text = `${JSON.stringify(after, null, 2)}\n`;
  if (entries.length > before.entries.length && Buffer.byteLength(text) > MOST_BYTES) {
    const cleanUp = { do: 'diagnose', purpose: 'See what needs to be cleaned up' } as const;
    throw new StorageError(`${paths.ledgerFile} is full (${entries.length} entries).`, [cleanUp]);
  }
  await ensurePrivateFolder(paths.configFolder, paths.configFolder);
  await removeLeftovers(paths.ledgerFile);
  await writePrivateFile(paths.ledgerFile, text);
}

function isOwnField(name: string): boolean {
  return name === 'version' || name === 'entries';
}

/** Adds an entry. @throws what `changeLedger` throws */
export async function addEntry(place: LedgerPlace, entry: LedgerEntry): Promise<void> {
  await changeLedger(place, (entries) => [...entries, entry]);
}

/** Writes a changed entry in place of the one with its id. Adds nothing if another process has removed it. @throws */
export async function replaceEntry(place: LedgerPlace, changed: LedgerEntry): Promise<void> {
  await changeLedger(place, (entries) =>
    entries.map((entry) => (entry.entry === changed.entry ? changed : entry)),
  );
}

/** Removes the entry with this id, if it is still there. @throws what `changeLedger` throws */
export async function removeEntry(place: LedgerPlace, id: string): Promise<void> {
  await changeLedger(place, (entries) => entries.filter(({ entry }) => entry !== id));
}

/** Returns a new id for an entry. */
export function newEntryId(): string {
  return randomBytes(8).toString('hex');
}

/** Returns the time for an entry: seconds since 1970. */
export function ledgerTime(): number {
  return Math.floor(Date.now() / 1000);
}

async function read(paths: Paths): Promise<Ledger> {
  const file = await readPrivateFile(paths.ledgerFile);
  if (file === undefined) return { fields: {}, entries: [], others: [] };
  const fail = (why: string) =>
    new StorageError(
      `${paths.ledgerFile} ${why}.`,
      'It contains no keys, but lists the keys that vastai still has to delete. Correct it, or move it away.',
    );
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.bytes));
  } catch {
    throw fail('is not valid JSON');
  }
  if (!isObject(value)) throw fail('does not contain a JSON object');
  const { version = LEDGER_VERSION, entries = [] } = value;
  if (typeof version !== 'number') throw fail('is not valid: "version" must be a number');
  if (!Array.isArray(entries)) throw fail('is not valid: "entries" must be an array');
  const known: LedgerEntry[] = [];
  const others: unknown[] = [];
  for (const [at, entry] of entries.entries()) {
    if (!isObject(entry)) throw fail(`is not valid: entry ${at + 1} must be an object`);
    const fault = faultOfEntry(entry);
    if (fault === undefined) known.push(entry as unknown as LedgerEntry);
    // A newer version may give a kind that is known here other fields.
    else if (version > LEDGER_VERSION || (!isKnownKind(entry) && typeof entry.kind === 'string'))
      others.push(entry);
    else throw fail(`is not valid: "${fault}" of entry ${at + 1} is missing or wrong`);
  }
  return { fields: value, entries: known, others };
}
