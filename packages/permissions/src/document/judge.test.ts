import { describe, expect, it } from 'vitest';
import type { Condition, Scalar } from './condition.js';
import { type Judgement, judge, unclearOperand } from './judge.js';

const BIG = 2 ** 53;

describe('judge', () => {
  it.each<[Scalar, Condition, Judgement]>([
    ['x', {}, 'holds'],
    [5, { gte: 5 }, 'holds'],
    [4, { gte: 5 }, 'fails'],
    [5, { lte: 5 }, 'holds'],
    [6, { lte: 5 }, 'fails'],
    [5, { gte: 5, lte: 5 }, 'holds'],
    [5, { eq: 5, gte: 6 }, 'fails'],
    [5, { eq: 5, lte: 4 }, 'fails'],
    [6, { eq: 5, gte: 5 }, 'fails'],
    ['abc', { eq: 'abc', gte: 0 }, 'fails'],
    ['abc', { lte: 9 }, 'fails'],
    [0, { gte: 0 }, 'holds'],
    [0, { eq: 0 }, 'holds'],
    [1, { eq: 0 }, 'fails'],
    ['', { eq: '' }, 'holds'],
    ['', { eq: 0 }, 'fails'],
    [Number.NaN, { gte: 0 }, 'fails'],
    [Number.POSITIVE_INFINITY, { gte: 0 }, 'unknown'],
  ])('%j under %j: %s', (value, condition, expected) => {
    expect(judge(value, condition)).toBe(expected);
  });

  it.each([
    '05',
    '+5',
    '5.0',
    ' 5',
    '5\n',
    '5e0',
    '0x5',
    '0b101',
    '０x5',
    '５',
    '٥',
    '٠٥',
    '5abc',
    '6,5',
    '5 6',
    '"5"',
    '0_5',
    '05.9',
  ])('does not know whether %j is the number 5', (value) => {
    expect(judge(value, { eq: 5 })).toBe('unknown');
    expect(judge(value, { gte: 5, lte: 5 })).toBe('unknown');
    expect(judge(value, { eq: 999 })).toBe('fails');
    expect(judge(value, { gte: 999 })).toBe('fails');
  });

  it.each(['abc', '', ' ', '-', '+', '.', 'e5', 'NaN', 'true', 'x5'])(
    'knows that %j is not a number',
    (value) => {
      expect(judge(value, { gte: Number.MIN_SAFE_INTEGER })).toBe('fails');
      expect(judge(value, { eq: 0 })).toBe('fails');
    },
  );

  it.each<[Scalar, number, Judgement]>([
    ['010', 8, 'unknown'],
    ['010', 10, 'unknown'],
    ['010', 9, 'fails'],
    ['-0', 0, 'unknown'],
    ['inf', Number.POSITIVE_INFINITY, 'unknown'],
    [true, 1, 'unknown'],
    [true, 0, 'fails'],
    [false, 0, 'unknown'],
    [BIG, BIG, 'unknown'],
    ['BIG', BIG, 'fails'],
    [String(BIG + 2), BIG, 'fails'],
    ['9007199254740993', BIG, 'unknown'],
  ])('%j for the number %s: %s', (value, eq, expected) => {
    expect(judge(value, { eq })).toBe(expected);
  });

  it.each<[Scalar, Scalar, Judgement]>([
    ['abc', 'abc', 'holds'],
    ['abd', 'abc', 'fails'],
    ['ABC', 'abc', 'unknown'],
    [' abc', 'abc', 'unknown'],
    ['ａｂｃ', 'abc', 'unknown'],
    ['STRASSE', 'straße', 'unknown'],
    ['3090-box', '3090-box', 'holds'],
    [3090, '3090-box', 'fails'],
    ['5', '5', 'unknown'],
    [5, '5', 'unknown'],
    ['05', '5', 'unknown'],
    [6, '5', 'fails'],
    ['true', 'true', 'holds'],
    [true, 'true', 'unknown'],
    [true, true, 'unknown'],
    [false, true, 'unknown'],
    ['5', '5*', 'unknown'],
    ['7', '5*', 'unknown'],
    ['5*', '5*', 'unknown'],
  ])('%j for %j: %s', (value, eq, expected) => {
    expect(judge(value, { eq })).toBe(expected);
  });

  it('takes a value for one and the same number, whichever the operator', () => {
    expect(judge('010', { gte: 8, lte: 8 })).toBe('unknown');
    expect(judge('010', { gte: 9, lte: 9 })).toBe('fails');
    expect(judge('010', { gte: 11, lte: 7 })).toBe('fails');
    expect(judge('0x5', { eq: '5', lte: 9 })).toBe('unknown');
    expect(judge('0x5', { eq: '5', lte: 4 })).toBe('fails');
    expect(judge(5, { eq: '5', lte: 4 })).toBe('fails');
  });

  it('is quick on long strings of any kind', () => {
    const pieces = ['5', ' ', '0', '*', '5,', '1-', '-', '_', '٥', '5 ', 'a', '"'];
    for (const piece of pieces) {
      for (const end of ['', '!', '5']) {
        const long = piece.repeat(50_000) + end;
        judge(long, { eq: 5, gte: 5 });
        judge(5, { eq: long });
        judge(long, { eq: long });
      }
    }
  });
});

describe('unclearOperand', () => {
  it.each<[Condition, Scalar | undefined]>([
    [{}, undefined],
    [{ eq: 5 }, undefined],
    [{ eq: 'abc' }, undefined],
    [{ eq: 'a@b.c' }, undefined],
    [{ eq: 'pytorch/pytorch:2.1' }, undefined],
    [{ eq: '2024-01-01' }, undefined],
    [{ gte: 1, lte: BIG - 1 }, undefined],
    [{ eq: '5' }, '5'],
    [{ eq: '0x5' }, '0x5'],
    [{ eq: true }, true],
    [{ eq: BIG }, BIG],
    [{ gte: BIG }, BIG],
    [{ gte: 1, lte: 1e300 }, 1e300],
    [{ eq: '5*' }, '5*'],
    [{ eq: '^a$' }, '^a$'],
    [{ eq: 'a|b' }, 'a|b'],
    [{ eq: 'a,b' }, 'a,b'],
    [{ eq: '>5' }, '>5'],
    [{ eq: '1-9' }, '1-9'],
    [{ eq: '1..9' }, '1..9'],
    [{ eq: '1 to 9' }, '1 to 9'],
    [{ eq: '%' }, '%'],
  ])('of %j is %j', (condition, expected) => {
    expect(unclearOperand(condition)).toBe(expected);
  });
});
