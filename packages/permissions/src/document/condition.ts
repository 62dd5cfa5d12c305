import { isObject } from '../json/json-object.js';

/** A value in a constraint or a request. */
export type Scalar = string | number | boolean;

/** Limits one parameter. All operators that are present must hold. */
export interface Condition {
  readonly eq?: Scalar;
  readonly gte?: number;
  readonly lte?: number;
}

export function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Returns a value as a number if it is one. Path parameters are strings, so `'5'` counts as 5. Only the canonical
 * form counts, not `'05'`, `'5.0'` or `'5e0'`, so that each id has one spelling.
 */
export function asNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return undefined;
  const number = Number(value);
  return String(number) === value && Number.isFinite(number) ? number : undefined;
}

/** Reads a condition from a document, and returns undefined if Vast.ai does not document its form. */
export function readCondition(value: unknown): Condition | undefined {
  if (!isObject(value)) return undefined;
  const known = Object.entries(value).every(
    ([operator, operand]) =>
      (operator === 'eq' && isScalar(operand)) ||
      ((operator === 'gte' || operator === 'lte') && typeof operand === 'number'),
  );
  return known ? (value as Condition) : undefined;
}
