import { describe, expect, it } from 'vitest';
import { pathTo } from './json-path.js';
import { lineFinder } from './line-finder.js';

const TEXT = `{
  "api": {
    "misc": {},
    "list": [
      1,
      { "a": 2 }
    ],
    "misc": {
      "api.x.y": {}
    }
  }
}
`;
const path = (...keys: (string | number)[]) =>
  keys.reduce<ReturnType<typeof pathTo> | undefined>((parent, key) => pathTo(parent, key), undefined);

describe('lineFinder', () => {
  it.each([
    [[], 1],
    [['api'], 2],
    [['api', 'list', 0], 5],
    [['api', 'list', 1, 'a'], 6],
    [['api', 'misc'], 8],
    [['api', 'misc', 'api.x.y'], 9],
  ])('finds %j in line %i', (keys, line) => {
    expect(lineFinder(TEXT)(path(...keys))).toBe(line);
  });

  it.each([
    [['other'], 1],
    [['api', 'user_read', 'api.x.y'], 2],
    [['api', 'list', 'a'], 4],
    [['api', 'misc', 'api.x.y', 'constraints'], 9],
    [['toString'], 1],
  ])('finds the part around %j, which is not there, in line %i', (keys, line) => {
    expect(lineFinder(TEXT)(path(...keys))).toBe(line);
  });

  it('finds nothing in an empty text', () => {
    expect(lineFinder('')(undefined)).toBeUndefined();
  });
});
