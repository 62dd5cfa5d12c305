import { describe, expect, it } from 'vitest';
import { dayOf, secondsOf } from './server-time.js';

describe('secondsOf', () => {
  it('reads seconds and dates', () => {
    expect(secondsOf(1_735_689_600.5)).toBe(1_735_689_600.5);
    expect(secondsOf('2025-01-01T00:00:00Z')).toBe(1_735_689_600);
    expect(secondsOf('2025-01-01')).toBe(1_735_689_600);
  });

  it.each([null, '', 'soon', -1, 1e300, Number.NaN, Number.POSITIVE_INFINITY])(
    'has no time for %j',
    (time) => {
      expect(secondsOf(time)).toBeNull();
    },
  );
});

it('the day of a time is the day in UTC', () => {
  expect(dayOf(1_769_903_999)).toBe('2026-01-31');
  expect(dayOf(1_769_904_000)).toBe('2026-02-01');
});
