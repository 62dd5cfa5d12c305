import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './spelling.js';

describe('editDistance', () => {
  it.each([
    ['show', 'show', 0],
    ['show', 'shows', 1],
    ['show', 'sow', 1],
    ['show', 'shaw', 1],
    ['show', 'shwo', 1],
    ['show', 'hsow', 1],
    ['show', 'whos', 2],
    ['show', 'wohs', 3],
    ['', 'abc', 3],
    ['ca', 'abc', 3],
  ])('counts the edits from %j to %j: %i', (from, to, edits) => {
    expect(editDistance(from, to, 9)).toBe(edits);
    expect(editDistance(to, from, 9)).toBe(edits);
  });

  it('stops counting at the limit', () => {
    expect(editDistance('aaaa', 'bbbb', 1)).toBe(2);
    expect(editDistance('a', 'a'.repeat(1_000_000), 1)).toBe(2);
  });
});

describe('nearest', () => {
  it('returns all candidates at the smallest distance, and none beyond the limit', () => {
    expect(nearest('cat', ['bat', 'cut', 'dog', 'cats'], 2)).toEqual(['bat', 'cut', 'cats']);
    expect(nearest('cat', ['dog'], 2)).toEqual([]);
  });
});
