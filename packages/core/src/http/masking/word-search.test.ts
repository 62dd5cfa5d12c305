import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchForWords } from './word-search.js';

/** Returns the same by looking at every place. */
function simply(text: string, words: readonly string[], from: number): number {
  for (let end = from + 1; end <= text.length; end += 1) {
    const word = words.find((one) => text.slice(from, end).endsWith(one));
    if (word !== undefined) return end - word.length;
  }
  return text.length;
}

const letters = fc.constantFrom('a', 'b', 'c', '"');
const word = fc.string({ unit: letters, minLength: 2, maxLength: 12 });

describe('searching bytes for words', () => {
  it('finds what a look at every place finds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 60 }),
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 60 }),
        (text, words, from) => {
          expect(searchForWords(words)(Buffer.from(text), from)).toBe(
            simply(text, words, Math.min(from, text.length)),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds each of the words in a row', () => {
    const words = ['"key"', '"api_key"', '"session_key"'];
    const text = Buffer.from(`{${words.map((one) => `${one}:1,"ssh_key":2,"a":"key"`).join()}}`);
    const next = searchForWords(words);
    const found: string[] = [];
    for (let at = next(text, 0); at < text.length; at = next(text, at + 1))
      found.push(text.toString('latin1', at, at + 5));
    expect(found).toEqual(['"key"', '"key"', '"api_', '"key"', '"sess', '"key"']);
  });

  it('finds nothing without words', () => {
    expect(searchForWords([])(Buffer.from('abc'), 0)).toBe(3);
  });
});
