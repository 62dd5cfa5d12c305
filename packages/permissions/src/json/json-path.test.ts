import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, type Path, pathTo } from './json-path.js';

const path = (...keys: (string | number)[]): Path | undefined =>
  keys.reduce<Path | undefined>((parent, key) => pathTo(parent, key), undefined);

describe('formatPath', () => {
  it.each<[keys: (string | number)[], text: string]>([
    [[], '$'],
    [['api', 'misc'], '$.api.misc'],
    [['_$', '$', 'a1'], '$._$.$.a1'],
    [['list', 0, 12], '$.list[0][12]'],
    [['api.instance.show'], "$['api.instance.show']"],
    [['1a', ''], "$['1a']['']"],
    [['a b', 'ab '], "$['a b']['ab ']"],
    [["it's", '\\'], "$['it\\'s']['\\\\']"],
    [['\u001b[31m', '\n'], "$['\\u001b[31m']['\\u000a']"],
    [['\u202e\u2028\u2029\ud800'], "$['\\u202e\\u2028\\u2029\\ud800']"],
    [['\u{e0041}'], "$['\\udb40\\udc41']"],
    [['é😀'], "$['é😀']"],
  ])('writes %j as %s', (keys, text) => {
    expect(formatPath(path(...keys))).toBe(text);
  });

  it('cuts a path at 1000 characters, and never inside a surrogate pair', () => {
    expect(formatPath(path('a'.repeat(998)))).toBe(`$.${'a'.repeat(998)}`);
    expect(formatPath(path('a'.repeat(999)))).toBe(`$.${'a'.repeat(998)}…`);
    expect(formatPath(path(`${'a'.repeat(1000)} b`))).toBe(`$.${'a'.repeat(998)}…`);
    expect(formatPath(path('a'.repeat(5000), 'b'))).toBe(`$.${'a'.repeat(998)}…`);
    expect(formatPath(path('😀'.repeat(998)))).toBe(`$['${'😀'.repeat(498)}…`);
    expect(formatPath(path(`a${'😀'.repeat(998)}`))).toBe(`$['a${'😀'.repeat(498)}…`);
  });

  it('escapes control and invisible characters', () => {
    const key = fc.oneof(
      fc.nat(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u200b', '\ud800', '\x9b'),
    );
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        expect(formatPath(path(...keys))).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});
