import type { Condition } from './condition.js';
import { looksLikeSeveral } from './judge.js';

/** IDs count up, so nothing reaches the largest 32-bit number. People write it to mean "any". */
const HIGHEST_ID = 2 ** 31 - 1;

/** Describes a range without an upper bound: it allows every ID, or every one from some number on. */
export type OpenRange = 'every' | 'new';

/** Returns how much of all IDs a condition leaves open, or undefined if it limits them. */
export function openRange({ eq, gte, lte }: Condition): OpenRange | undefined {
  if (eq !== undefined || (lte !== undefined && lte < HIGHEST_ID)) return undefined;
  return gte === undefined || gte <= 1 ? 'every' : 'new';
}

/** Returns true if a condition on an ID limits what it matches, now and later. */
export function isEffectiveLimit(condition: Condition): boolean {
  if (typeof condition.eq === 'string' && looksLikeSeveral(condition.eq)) return false;
  return openRange(condition) === undefined;
}
