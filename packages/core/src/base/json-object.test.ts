import { describe, expect, it } from 'vitest';
import { isObject } from './json-object.js';

describe('a JSON object', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['{}', false],
    [() => {}, false],
  ])('%j is one: %s', (value, is) => {
    expect(isObject(value)).toBe(is);
  });
});
