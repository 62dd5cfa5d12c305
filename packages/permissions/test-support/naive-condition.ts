import type { Ask } from './readings.js';

type Value = string | number | boolean;

const SAFE = 2 ** 53 - 1;

/** Returns true if a parameter meets its condition, under one reading. Asks for everything that no page says. */
export function holds(parameter: string, condition: unknown, value: unknown, ask: Ask): boolean {
  const written = `${parameter} ${JSON.stringify(condition)}`;
  if (/[^\w.-]/u.test(parameter) || !isDocumented(condition)) {
    return ask(`${written} on ${String(value)}`, [false, true]);
  }
  if (value === undefined) return ask(`a request without ${parameter} passes`, [false, true]);
  return Object.entries(condition).every(([operator, operand]) =>
    compare(operator, operand, value as Value, ask),
  );
}

function isDocumented(condition: unknown): condition is Readonly<Record<string, Value>> {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return false;
  return Object.entries(condition).every(([operator, operand]) =>
    operator === 'eq'
      ? ['string', 'number', 'boolean'].includes(typeof operand)
      : (operator === 'gte' || operator === 'lte') && typeof operand === 'number',
  );
}

function compare(operator: string, operand: Value, value: Value, ask: Ask): boolean {
  const left = ask(`value ${typeof value} ${value}`, meanings(value));
  if (operator === 'eq') {
    if (typeof operand === 'boolean' || /[*?|[\]]/u.test(String(operand)))
      return ask(`eq ${operand}`, [false, true]);
    const right = ask(`operand ${typeof operand} ${operand}`, operandMeanings(operand));
    if (typeof left === 'string' && typeof right === 'string') {
      if (left === right) return true;
      return left.toLowerCase() === right.toLowerCase() && ask('letter case counts', [false, true]);
    }
    return left === right && isExact(left, operand, ask);
  }
  if (typeof left !== 'number') return false;
  const within = operator === 'gte' ? left >= Number(operand) : left <= Number(operand);
  return within && isExact(left, operand, ask);
}

/** A number beyond 2^53 may be another one by the time it is compared. */
function isExact(left: Value, operand: Value, ask: Ask): boolean {
  if (Math.abs(Number(left)) <= SAFE && !(Math.abs(Number(operand)) > SAFE)) return true;
  if (Math.abs(Number(operand)) > SAFE) return ask(`${left} and ${operand} are exact`, [false, true]);
  return ask(`${left} is exact`, [false, true]);
}

/** Lists what a server could take a value of a request for. Only the plain spelling of a number is surely a number. */
function meanings(value: Value): Value[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'boolean') return [String(value), value ? 1 : 0];
  const number = Number(value);
  if (value !== '' && String(number) === value && Number.isFinite(number)) return [number];
  const plain = value.normalize('NFKC').trim();
  const others = [Number(plain === '' ? Number.NaN : plain), Number.parseInt(plain, 10)];
  if (/^0[0-7]+$/u.test(plain)) others.push(Number.parseInt(plain, 8));
  return [value, plain, ...others.filter((one) => !Number.isNaN(one))];
}

function operandMeanings(operand: Value): Value[] {
  if (typeof operand !== 'string') return [operand];
  const whole = operand.trim() === '' ? Number.NaN : Number(operand);
  const numbers = Number.isNaN(whole) ? [] : meanings(operand).filter((one) => typeof one === 'number');
  return [operand, operand.normalize('NFKC').trim(), ...numbers];
}
