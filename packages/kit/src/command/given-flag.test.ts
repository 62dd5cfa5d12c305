import { describe, expect, it } from 'vitest';
import { isGiven } from './given-flag.js';

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
