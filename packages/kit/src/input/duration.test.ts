import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([
    ['90s', 90],
    ['15m', 900],
    ['2h', 7200],
    ['90d', 7_776_000],
    ['1w', 604_800],
    ['0d', 0],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '90', 'd', '1.5d', '-1d', '1 d', '1D', '9999999d', '1d1h'])('rejects %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
