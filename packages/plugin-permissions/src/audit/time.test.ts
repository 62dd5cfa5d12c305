import { describe, expect, it } from 'vitest';
import { ageOf, secondsOf, sinceThen } from './time.js';

const DAY = 86_400;

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

describe('ageOf', () => {
  it('counts whole days', () => {
    expect(ageOf(0, 12.9 * DAY)).toBe('12d');
    expect(ageOf(DAY, 0)).toBe('0d');
    expect([sinceThen(0, 10), sinceThen(0, 3 * DAY)]).toEqual(['today', '3d ago']);
  });
});
