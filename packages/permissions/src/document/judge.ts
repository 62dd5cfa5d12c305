import { asNumber, type Condition, type Scalar } from './condition.js';
import { isNumberLike, numbersIn } from './number-readings.js';

/** Says whether a value meets a condition. `unknown` if that depends on how the server reads or compares them. */
export type Judgement = 'holds' | 'fails' | 'unknown';

/**
 * Judges whether the value of a request meets a condition. All operators must hold.
 *
 * A number is surely a number in its plain spelling alone, so that `5` meets `{ "eq": 5 }`, `6` does not, and `05`, which
 * a server could read as 5, may. Numbers beyond 2^53 and strings that differ only in letter case are unknown, too.
 */
export function judge(value: Scalar, condition: Condition): Judgement {
  const judgements = [judgeNumber(value, condition), judgeString(value, condition.eq)];
  return judgements.find((one) => one === 'fails') ?? judgements.find((one) => one === 'unknown') ?? 'holds';
}

/**
 * Returns the operand of a condition whose comparison is not documented, or undefined if all are clear. Not clear are
 * booleans, numbers beyond 2^53, strings that read as numbers, since Vast.ai writes numbers without quotes, and strings
 * that look like patterns, lists or ranges.
 */
export function unclearOperand({ eq, gte, lte }: Condition): Scalar | undefined {
  if (eq !== undefined && isUnclear(eq)) return eq;
  return [gte, lte].find((bound) => bound !== undefined && isUnclear(bound));
}

function isUnclear(operand: Scalar): boolean {
  if (typeof operand === 'number') return !isExact(operand);
  return typeof operand === 'boolean' || isNumberLike(operand) || looksLikeSeveral(operand);
}

function isExact(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

/** Returns true if a string looks as if it meant more than one value: a pattern, a list, a range or a comparison. */
export function looksLikeSeveral(text: string): boolean {
  const range = /^\s*[-+]?\d+(?:\s*(?:\.{2,3}|[-:/]|to)\s*|\s+)[-+]?\d+\s*$/u;
  return /[*?[\](){}|^$+\\%,;]|^\s*[<>=!~]/u.test(text) || range.test(text);
}

function judgeString(value: Scalar, eq: Scalar | undefined): Judgement {
  if (eq === undefined || typeof eq === 'number') return 'holds';
  if (typeof eq === 'boolean' || looksLikeSeveral(eq)) return 'unknown';
  if (value === eq) return isNumberLike(eq) ? 'unknown' : 'holds';
  if (spelled(String(value)) === spelled(eq)) return 'unknown';
  const meant = numbersMeant(eq);
  return readings(value).some((number) => meant?.has(number)) ? 'unknown' : 'fails';
}

/** Returns the numbers that a string in a document could stand for, or undefined if it is not a number, or more than one value. */
function numbersMeant(eq: Scalar | undefined): ReadonlySet<number> | undefined {
  if (typeof eq !== 'string' || looksLikeSeveral(eq) || !isNumberLike(eq)) return undefined;
  return new Set(numbersIn(eq));
}

/** Judges the operators that take a number, which is the same number for all of them. */
function judgeNumber(value: Scalar, { eq, gte, lte }: Condition): Judgement {
  const operands = [eq, gte, lte].filter((operand) => typeof operand === 'number');
  if (operands.length === 0) return 'holds';
  const meant = numbersMeant(eq);
  const meets = (number: number): boolean =>
    (typeof eq !== 'number' || number === eq) &&
    meant?.has(number) !== false &&
    number >= (gte ?? Number.NEGATIVE_INFINITY) &&
    number <= (lte ?? Number.POSITIVE_INFINITY);
  const plain = asNumber(value);
  if (plain === undefined) return readings(value).some(meets) ? 'unknown' : 'fails';
  if (!meets(plain)) return 'fails';
  return [plain, ...operands].every(isExact) ? 'holds' : 'unknown';
}

/** Returns a string without what could be a matter of spelling. */
function spelled(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase();
}

function readings(value: Scalar): number[] {
  if (typeof value === 'string') return numbersIn(value);
  return Number.isNaN(Number(value)) ? [] : [Number(value)];
}
