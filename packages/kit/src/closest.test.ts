import { describe, expect, it } from 'vitest';
import { closest } from './closest.js';

const COMMANDS = ['set api-key', 'show api-key', 'show api-keys', 'show user', 'auth status'];

describe('closest', () => {
  it.each([
    ['show usr', 'show user'],
    ['show suer', 'show user'],
    ['show api-kyes', 'show api-keys'],
    ['show apikey', 'show api-key'],
    ['show api-key', 'show api-key'],
    ['auth statsu', 'auth status'],
  ])('corrects "%s"', (word, meant) => {
    expect(closest(word, COMMANDS)).toBe(meant);
  });

  it.each(['', 'x', 'frobnicate', 'delete user', 'show balance'])('suggests nothing for "%s"', (word) => {
    expect(closest(word, COMMANDS)).toBeUndefined();
  });
});
