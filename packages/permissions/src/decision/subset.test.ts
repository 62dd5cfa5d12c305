import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, readCondition } from '../document/condition.js';
import { judge } from '../document/judge.js';
import type { ParameterCondition } from './access.js';
import { describeCondition, isSameSet, isSubset } from './subset.js';

const on = (parameter: string, written: unknown): ParameterCondition => ({
  parameter,
  condition: readCondition(written),
  written,
  at: { parent: undefined, key: parameter },
});
const within = (inner: unknown, outer: unknown): boolean => isSubset([on('id', inner)], [on('id', outer)]);

describe('isSubset', () => {
  it.each<[inner: Condition, outer: Condition, expected: boolean]>([
    [{}, {}, true],
    [{ eq: 5 }, {}, true],
    [{}, { eq: 5 }, false],
    [{ eq: 5 }, { eq: '5' }, false],
    [{ eq: '5' }, { eq: 5 }, false],
    [{ eq: '5' }, { eq: '5' }, true],
    [{ eq: '5' }, { gte: 5 }, false],
    [{ eq: true }, {}, false],
    [{ eq: 5 }, { eq: 6 }, false],
    [{ eq: 5 }, { gte: 5 }, true],
    [{ eq: 5 }, { gte: 6 }, false],
    [{ eq: 'a' }, { gte: 0 }, false],
    [{ gte: 5, lte: 5 }, { eq: 5 }, true],
    [{ gte: 5, lte: 5 }, { eq: '5' }, false],
    [{ gte: 2 ** 53 }, { gte: 1 }, false],
    [{ gte: 5, lte: 5 }, { eq: 6 }, false],
    [{ gte: 5, lte: 6 }, { eq: 5 }, false],
    [{ gte: 5 }, { eq: 5 }, false],
    [{ gte: 5, lte: 5 }, { eq: 5, gte: 6 }, false],
    [{ gte: 5, lte: 5 }, { eq: 5, gte: 5 }, true],
    [{ gte: 2, lte: 8 }, { gte: 1, lte: 9 }, true],
    [{ gte: 1, lte: 9 }, { gte: 1, lte: 9 }, true],
    [{ gte: 0, lte: 9 }, { gte: 1, lte: 9 }, false],
    [{ gte: 1, lte: 10 }, { gte: 1, lte: 9 }, false],
    [{ gte: 2 }, { gte: 1 }, true],
    [{ gte: 2 }, { lte: 9 }, false],
    [{ lte: 2 }, { lte: 9 }, true],
    [{ lte: 2 }, { gte: 1 }, false],
    [{ gte: 1 }, {}, true],
    [{}, { gte: Number.NEGATIVE_INFINITY }, false],
    [{}, { lte: Number.POSITIVE_INFINITY }, false],
    // Nothing passes these, so what passes them passes anything.
    [{ gte: 2, lte: 1 }, { eq: 7 }, true],
    [{ eq: 5, gte: 6 }, { eq: 7 }, true],
    [{ eq: 'a', lte: 1 }, { eq: 7 }, true],
  ])('%j in %j: %s', (inner, outer, expected) => {
    expect(within(inner, outer)).toBe(expected);
  });

  it('holds only if every request that meets one also meets the other', () => {
    const bound = fc.integer({ min: -3, max: 3 });
    const scalar = fc.oneof(bound, bound.map(String), fc.constantFrom(true, 'abc', ''));
    const condition = fc.record({ eq: scalar, gte: bound, lte: bound }, { requiredKeys: [] });
    const values = [...Array(11).keys()]
      .map((index) => index - 5)
      .flatMap((number) => [number, String(number)]);
    fc.assert(
      fc.property(condition, condition, (inner, outer) => {
        if (!within(inner, outer)) return;
        const same = JSON.stringify(inner) === JSON.stringify(outer);
        for (const value of [...values, true, false, 'abc', '', 0.5, 1e9, '01', '0x2', 'ABC']) {
          const before = judge(value, outer);
          if (judge(value, inner) === 'holds') expect([value, before]).toEqual([value, 'holds']);
          if (judge(value, inner) === 'unknown' && !same) expect(before, String(value)).not.toBe('fails');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('requires a condition on every parameter of the outer set, and ignores others', () => {
    const [id, label] = [on('id', { eq: 5 }), on('label', { eq: 'a' })];
    expect(isSubset([id, label], [id])).toBe(true);
    expect(isSubset([label, id], [id, label])).toBe(true);
    expect(isSubset([id], [id, label])).toBe(false);
    expect(isSubset([], [id])).toBe(false);
    expect(isSubset([id], [])).toBe(true);
    expect(isSubset([on('label', { eq: 5 })], [id])).toBe(false);
  });

  it('treats an undocumented condition as a subset only of itself', () => {
    expect(within({ in: [1, 2] }, { in: [1, 2] })).toBe(true);
    expect(within({ in: [1] }, { in: [1, 2] })).toBe(false);
    expect(within({ in: [1] }, {})).toBe(false);
    expect(within({ eq: 1 }, { in: [1] })).toBe(false);
    expect(within({ in: [1] }, { eq: 1 })).toBe(false);
  });
});

describe('isSameSet', () => {
  it('holds if each is a subset of the other', () => {
    expect(isSameSet([on('id', { eq: 5 })], [on('id', { gte: 5, lte: 5 })])).toBe(true);
    expect(isSameSet([on('id', { eq: 5 })], [on('id', { gte: 5 })])).toBe(false);
    expect(isSameSet([on('id', { gte: 5 })], [on('id', { eq: 5 })])).toBe(false);
    expect(isSameSet([], [])).toBe(true);
  });
});

describe('describeCondition', () => {
  it.each([
    ['id', { eq: 5 }, 'id is 5'],
    ['id', { eq: true }, 'id is true'],
    ['label', { eq: 'a"b\u001b' }, 'label is "a\\"b\\u001b"'],
    ['id', { gte: 1 }, 'id is at least 1'],
    ['id', { lte: 9 }, 'id is at most 9'],
    ['id', { gte: 1, lte: 9 }, 'id is from 1 to 9'],
    ['id', { eq: 5, gte: 1 }, 'id is 5 and is at least 1'],
    ['id', {}, 'id is anything'],
    ['id', { in: [1] }, 'id meets an undocumented constraint'],
    ['a.b-c_1', { eq: 1 }, 'a.b-c_1 is 1'],
    ['a b', { eq: 1 }, '"a b" is 1'],
    ['', { eq: 1 }, '"" is 1'],
    ['i\u001bd', { in: [1] }, '"i\\u001bd" meets an undocumented constraint'],
    ['id\n', { eq: 1 }, '"id\\u000a" is 1'],
    ['\nid', { eq: 1 }, '"\\u000aid" is 1'],
    ['a'.repeat(80), {}, `${'a'.repeat(80)} is anything`],
    ['a'.repeat(81), {}, `"${'a'.repeat(80)}…" is anything`],
  ])('%j under %j: %s', (parameter, written, words) => {
    expect(describeCondition(on(parameter, written))).toBe(words);
  });
});
