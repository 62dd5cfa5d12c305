import { isObject } from '../base/json-object.js';
import type { ProfileRecord, SessionNote } from '../config/settings.js';
import { isFingerprint } from '../secrets/fingerprint.js';

/**
 * Returns what a record notes about a two-factor session; `undefined` if there is none, or the note is not valid: without it,
 * nobody knows which key the session belongs to.
 */
export function notedSession(record: ProfileRecord | undefined): SessionNote | undefined {
  const note: unknown = record?.tfa_session;
  if (!isObject(note)) return undefined;
  const { storage, key_hash, url, ends } = note;
  if (storage !== 'keychain' && storage !== 'file') return undefined;
  if (!isFingerprint(key_hash) || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return { storage, key_hash, url, ...(Number.isSafeInteger(ends) ? { ends: ends as number } : {}) };
}
