import { describe, expect, it } from 'vitest';
import { isGiven, valuesOf } from './given-flag.js';

describe('isGiven', () => {
  it.each([
    [['show', 'user', '--json'], true],
    [['--json', '--', 'x'], true],
    [['--', '--json'], false],
    [['--json=1'], false],
    [[], false],
  ])('looks for --json in %j and returns %j', (argv, given) => {
    expect(isGiven('--json', argv)).toBe(given);
  });
});

describe('the values of a flag', () => {
  it.each<[string[], string[]]>([
    [['--api-key', 'a', 'x'], ['a']],
    [
      ['--api-key=a', '--api_key=b', '--api_key', 'c'],
      ['a', 'b', 'c'],
    ],
    [['--api-key='], ['']],
    [['--api-key'], []],
    [['x', '--api-key', 'a', 'y'], ['a']],
    [['--api-key', 'a', '--', '--api-key', 'b'], ['a']],
    [['--api-keys', 'a', '--api-keyx=b', 'x--api-key=c'], []],
    [[], []],
  ])('in %j are %j', (argv, values) => {
    expect(valuesOf('--api-key', argv)).toEqual(values);
  });

  it('do not include those of another flag', () => {
    expect(valuesOf('--url', ['--url', 'a', '--u_rl', 'b'])).toEqual(['a']);
  });
});
