import { describe, expect, it } from 'vitest';
import { ageOf, sinceThen } from './time.js';

const DAY = 86_400;

describe('ageOf', () => {
  it('counts whole days', () => {
    expect(ageOf(0, 12.9 * DAY)).toBe('12d');
    expect(ageOf(DAY, 0)).toBe('0d');
    expect([sinceThen(0, 10), sinceThen(0, 3 * DAY)]).toEqual(['today', '3d ago']);
  });
});
