import { isSameValue } from '../json/same-value.js';
import { type AccessDiff, diffDocuments, newAccess } from './diff.js';

/** Says how what a key has differs from what it should have. */
export interface Drift extends AccessDiff {
  /** `more`, `less`: it allows, or may allow, more or less than expected. `both`: more of one thing, less of another. */
  readonly direction: 'more' | 'less' | 'both';
}

/**
 * Compares what a key should have with what it has, in both directions.
 *
 * @param expected a parsed document; undefined, null and false mean full access
 * @param actual the same
 * @returns undefined if both allow the same; `changes` are from `expected` to `actual`
 */
export function driftBetween(expected: unknown, actual: unknown): Drift | undefined {
  // Comparing access takes long for a thousand keys, of which most are as they should be.
  if (isSameValue(expected, actual)) return undefined;
  const { changes } = diffDocuments(expected, actual);
  if (changes.length === 0) return undefined;
  const more = newAccess({ changes }).length > 0;
  const less = newAccess(diffDocuments(actual, expected)).length > 0;
  // They are written differently, but no reading of either allows what the other does not.
  if (!more && !less) return undefined;
  return { direction: more && less ? 'both' : more ? 'more' : 'less', changes };
}
