import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameValue } from './same-value.js';

const nested = (levels: number, inside: unknown): unknown =>
  Array.from({ length: levels }).reduce((value) => [value], inside);

describe('isSameValue', () => {
  it.each([
    [1, 1, true],
    [1, '1', false],
    [null, null, true],
    [null, {}, false],
    [{}, null, false],
    [1, {}, false],
    [{}, 1, false],
    [[], {}, false],
    [{}, [], false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [['a'], { 0: 'a' }, false],
    [{ a: 1, b: { c: [] } }, { b: { c: [] }, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: undefined }, { b: undefined }, false],
    [{ toString: undefined }, { b: 1 }, false],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(isSameValue(left, right)).toBe(expected);
  });

  it('agrees with Node about any JSON', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(isSameValue(left, structuredClone(left))).toBe(true);
        expect(isSameValue(left, right)).toBe(isDeepStrictEqual(left, right));
      }),
    );
  });

  it('compares at any depth without overflowing the stack', () => {
    expect(isSameValue(nested(100_000, {}), nested(100_000, {}))).toBe(true);
    expect(isSameValue(nested(100_000, 1), nested(100_000, 2))).toBe(false);
    expect(isSameValue(nested(100_000, {}), nested(100_001, {}))).toBe(false);
  });
});
