import { isObject } from '../json/json-object.js';

/** A value that a constraint names or a request gives. */
export type Scalar = string | number | boolean;

/** Limits one parameter; all operators that are present have to hold. */
export interface Condition {
  readonly eq?: Scalar;
  readonly gte?: number;
  readonly lte?: number;
}

export function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Returns the number that a value stands for, if it does: parameters of a path come as text, so `'5'` counts as 5.
 * Only the plain decimal form counts (`'05'`, `'5.0'` and `'5e0'` do not), as one id has one spelling.
 */
export function asNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return undefined;
  const number = Number(value);
  return String(number) === value && Number.isFinite(number) ? number : undefined;
}

/** Returns whether two values are the same, either of them possibly written as a string. */
export function isSame(left: Scalar, right: Scalar): boolean {
  return String(left) === String(right);
}

/** Returns whether a value passes a condition. A range takes numbers only. */
export function passes(value: Scalar, condition: Condition): boolean {
  if (condition.eq !== undefined && !isSame(value, condition.eq)) return false;
  if (condition.gte === undefined && condition.lte === undefined) return true;
  const number = asNumber(value);
  if (number === undefined) return false;
  return (
    number >= (condition.gte ?? Number.NEGATIVE_INFINITY) &&
    number <= (condition.lte ?? Number.POSITIVE_INFINITY)
  );
}

/** Reads a condition of a document; undefined where it is not one that Vast.ai documents. */
export function readCondition(value: unknown): Condition | undefined {
  if (!isObject(value)) return undefined;
  const known = Object.entries(value).every(
    ([operator, operand]) =>
      (operator === 'eq' && isScalar(operand)) ||
      ((operator === 'gte' || operator === 'lte') && typeof operand === 'number'),
  );
  return known ? (value as Condition) : undefined;
}
