import { describe, expect, it } from 'vitest';
import { widthOf } from './text-width.js';

describe('widthOf', () => {
  it.each([
    ['', 0],
    ['a ~', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['e\u0301x\u0323', 2],
    ['日本', 4],
    ['ab日', 4],
    ['…', 1],
    ['ｋ', 2],
    ['🚀', 2],
    ['👩\u200d🚀', 4],
  ])('measures %j as %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});
