import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { accessReader } from './access.js';

/** Reads, although its method is PUT: it makes the logs of an instance available. */
const READS_WITH_PUT = 'instance.request_logs';

/**
 * Returns true if the audit log may show a key with this document. The log holds important actions, which are at most the
 * writes, so it can never show a key that only reads. Such a key is not unused.
 *
 * @param document a parsed document; undefined, null and false mean full access
 */
export function isObservable(document: unknown): boolean {
  const accessTo = accessReader(document);
  return OPERATIONS.some((operation) => mayBeRecorded(operation) && accessTo(operation).grant !== 'deny');
}

/** Says what an audit log proves about the use of a key. `never_seen` does not mean unused. */
export type UsageState = 'used' | 'never_seen' | 'not_observable';

/**
 * Returns what an audit log proves about the use of a key.
 *
 * @param isUsed true if it has a call of the key
 * @param document a parsed document; null and false mean full access, undefined that it is not known. Then nothing is known
 *   about what the log can show either.
 */
export function usageState(isUsed: boolean, document: unknown): UsageState {
  if (isUsed) return 'used';
  return document !== undefined && isObservable(document) ? 'never_seen' : 'not_observable';
}

/** Returns true if the audit log may show a call of this operation: it changes something. */
export function mayBeRecorded({ operation, method, category, risks }: Operation): boolean {
  // An operation of unknown category is unknown for every document, so it would make each one observable.
  if (category === 'unknown' || category.endsWith('_read')) return false;
  // A search can be a POST.
  const onlyReads = risks.every(({ kind }) => kind === 'read' || kind === 'shows_secrets');
  return method !== 'GET' && operation !== READS_WITH_PUT && !onlyReads;
}
