import { describe, expect, it } from 'vitest';
import { asNumber, isScalar, readCondition, type Scalar } from './condition.js';

describe('asNumber', () => {
  it.each<[Scalar, number | undefined]>([
    [5, 5],
    [-0.5, -0.5],
    ['5', 5],
    ['-3', -3],
    ['0.5', 0.5],
    ['1e+21', 1e21],
    ['', undefined],
    [' 5', undefined],
    ['05', undefined],
    ['5.0', undefined],
    ['5e0', undefined],
    ['0x5', undefined],
    ['-0', undefined],
    ['abc', undefined],
    ['Infinity', undefined],
    ['NaN', undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [Number.NaN, undefined],
    [true, undefined],
    [false, undefined],
  ])('reads %j as %s', (value, number) => {
    expect(asNumber(value)).toBe(number);
  });
});

describe('isScalar', () => {
  it.each([
    ['', true],
    [0, true],
    [false, true],
    [null, false],
    [undefined, false],
    [[], false],
    [{}, false],
  ])('%j: %s', (value, expected) => {
    expect(isScalar(value)).toBe(expected);
  });
});

describe('readCondition', () => {
  it.each([{}, { eq: 5 }, { eq: 'a' }, { eq: true }, { gte: 1 }, { lte: 1 }, { gte: 1, lte: 2, eq: 1 }])(
    'reads %j',
    (condition) => {
      expect(readCondition(condition)).toEqual(condition);
    },
  );

  it.each([
    undefined,
    null,
    5,
    'eq',
    [],
    [{ eq: 5 }],
    { eq: null },
    { eq: [5] },
    { gte: '1' },
    { lte: true },
    { gt: 1 },
    { '': 1 },
    { eq: 5, in: [5] },
    { in: [5], eq: 5 },
  ])('does not read %j, which Vast.ai does not document', (condition) => {
    expect(readCondition(condition)).toBeUndefined();
  });
});
