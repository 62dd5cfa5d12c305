import { describe, expect, it } from 'vitest';
import { timeLimitOf } from './time-limit.js';

describe('VASTAI_KEYCHAIN_TIMEOUT', () => {
  it('leaves the limit as it is when it is not set', () => {
    expect(timeLimitOf({}, 3)).toBe(3);
  });

  it.each([
    ['10', 10],
    [' 10\n', 10],
    ['0.5', 0.5],
    ['.25', 0.25],
    ['007', 7],
    ['86400', 86_400],
  ])('sets it to %j', (text, seconds) => {
    expect(timeLimitOf({ VASTAI_KEYCHAIN_TIMEOUT: text }, 3)).toBe(seconds);
  });

  it.each([
    '0',
    '0.0',
    '-1',
    '1.',
    '10s',
    's10',
    '1 0',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '86400.1',
    '9'.repeat(400),
  ])('is not %j', (text) => {
    expect(() => timeLimitOf({ VASTAI_KEYCHAIN_TIMEOUT: text }, 3)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'VASTAI_KEYCHAIN_TIMEOUT is not a number of seconds.',
        hint: 'For example: VASTAI_KEYCHAIN_TIMEOUT=10',
      }),
    );
  });
});
