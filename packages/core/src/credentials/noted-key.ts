import type { ApiKey } from '../base/api-key.js';
import type { ProfileRecord } from '../config/settings.js';
import { fingerprintOf, matchesFingerprint } from '../secrets/fingerprint.js';

/** The fields of a profile's record that say which key was saved. */
export type KeyNotes = Pick<ProfileRecord, 'key_id' | 'key_hash'>;

/**
 * Returns the notes about a key that is saved.
 *
 * @param id id of the key, if the API returned it
 * @param record the record so far, which may know the key already
 */
export function notesOf(key: ApiKey, id: number | undefined, record?: ProfileRecord): KeyNotes {
  const known = keptNotes(record, key);
  const hash = known.key_hash ?? fingerprintOf(key);
  return { ...known, ...(id === undefined ? {} : { key_id: id }), key_hash: hash };
}

/** Returns the notes that a record has about this key; none if they are about another one. */
export function keptNotes(record: ProfileRecord | undefined, key: ApiKey): KeyNotes {
  if (record?.key_hash === undefined || !isNoted(record, key)) return {};
  const id = idIn(record);
  return { ...(id === undefined ? {} : { key_id: id }), key_hash: record.key_hash };
}

/**
 * Returns true if a record's notes are about this key. They are not if another program has saved a key since, or if the key
 * was saved without notes.
 */
export function isNoted(record: ProfileRecord | undefined, key: ApiKey): boolean {
  return matchesFingerprint(record?.key_hash, key);
}

/** Returns the id of a key that is noted in a record; `undefined` if it is not known, or the notes are about another key. */
export function notedIdOf(record: ProfileRecord | undefined, key: ApiKey): number | undefined {
  return isNoted(record, key) ? idIn(record) : undefined;
}

/** Returns the id that a record notes, of whichever key it holds. Ignores a value of another type, like `account`. */
export function idIn(record: ProfileRecord | undefined): number | undefined {
  const id: unknown = record?.key_id;
  return Number.isSafeInteger(id) && (id as number) > 0 ? (id as number) : undefined;
}
