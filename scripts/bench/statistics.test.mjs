import { describe, expect, it } from 'vitest';
import { median, ratios, spread } from './statistics.mjs';

describe('the median', () => {
  it('is the middle one, in whatever order they come', () => {
    expect(median([30, 9, 100])).toBe(30);
  });

  it('lies half-way between the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('of one is that one', () => {
    expect(median([7])).toBe(7);
  });

  it('leaves the samples in their order', () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

describe('the spread', () => {
  it('is the width of the middle half as a part of the median', () => {
    expect(spread([10, 20, 30, 40, 50])).toBeCloseTo(20 / 30);
  });

  it('of equal samples is nothing', () => {
    expect(spread([5, 5, 5])).toBe(0);
  });

  it('does not see one that is far off', () => {
    expect(spread([10, 10, 10, 10, 1000])).toBe(0);
  });
});

describe('the ratios', () => {
  it('are taken pair by pair, so that a slow phase drops out', () => {
    const pairs = [
      { subject: 20, yardstick: 10 },
      { subject: 200, yardstick: 100 },
      { subject: 22, yardstick: 11 },
    ];
    expect(ratios(pairs)).toEqual({ low: 2, median: 2, high: 2 });
  });

  it('have the ends of their middle half', () => {
    const pairs = [1, 2, 3, 4, 5].map((subject) => ({ subject, yardstick: 1 }));
    expect(ratios(pairs)).toEqual({ low: 2, median: 3, high: 4 });
  });
});
