import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from './text-width.js';
import { wrap } from './wrap.js';

const lines = (text: string, columns: number, more = {}) => wrap(text, columns, more).split('\n');

describe('wrap', () => {
  it('wraps at spaces, and keeps text that fits', () => {
    expect(wrap('one two three', 13)).toBe('one two three');
    expect(lines('one two three', 12)).toEqual(['one two', 'three']);
    expect(lines('one two three', 5)).toEqual(['one', 'two', 'three']);
    expect(wrap('', 10)).toBe('');
  });

  it('aligns wrapped lines with the start of the text', () => {
    expect(lines('one two three four', 20, { begin: 9 })).toEqual(['one two', `${' '.repeat(9)}three four`]);
  });

  it('indents wrapped lines of list entries', () => {
    expect(lines('  one two\nthree four', 8, { hang: 2 })).toEqual(['  one', '    two', 'three', '  four']);
  });

  it('does not count colours', () => {
    expect(wrap('\u001b[31mone\u001b[39m two', 7)).toBe('\u001b[31mone\u001b[39m two');
  });

  it('limits the indent to half of a narrow terminal', () => {
    expect(lines('one two three', 10, { begin: 8 })).toEqual(['', '     one', '     two', '     three']);
  });

  it('keeps a word that is too long for any line after its prefix', () => {
    expect(wrap('/home/user/file is open', 10, { begin: 7 })).toBe('/home/user/file\n     is\n     open');
  });

  it('never breaks a word, a URL or a path', () => {
    expect(lines('See https://cloud.vast.ai/manage-keys/ or /home/user/.vast_api_key now', 20)).toEqual([
      'See',
      'https://cloud.vast.ai/manage-keys/',
      'or',
      '/home/user/.vast_api_key',
      'now',
    ]);
  });

  it.each([
    ['Save it: vastai set api-key', 'vastai set api-key'],
    ['Save the key again (vastai set api-key), or pass it.', '(vastai set api-key),'],
    ['vastai config migrate', 'vastai config migrate'],
    ['rm /home/user/.vast_api_key, if older tools no longer need it.', 'rm /home/user/.vast_api_key,'],
    ['Update it: npm install -g vastai-cli@latest. Then try again.', 'npm install -g vastai-cli@latest.'],
    ['Use "vastai config migrate --to file" for them.', '"vastai config migrate --to file"'],
  ])('never breaks a command: %s', (text, command) => {
    for (const columns of [6, 16, 24])
      expect(lines(text, columns)).toContainEqual(expect.stringContaining(command));
  });

  it('wraps a sentence about vastai like any other', () => {
    expect(lines('Run npm install here', 12)).toEqual(['Run npm', 'install here']);
    expect(lines('It is a fault of vastai itself.', 20)).toEqual(['It is a fault of', 'vastai itself.']);
  });

  it('keeps existing lines and their indents', () => {
    expect(lines('add:\n  "misc": {}\n  a b c d e f', 9)).toEqual([
      'add:',
      '  "misc":',
      '  {}',
      '  a b c d',
      '  e f',
    ]);
  });

  it.each([
    ['Start it: npx vastai doctor --all; then wait', 'npx vastai doctor --all;'],
    ['Do "rm -r /home/you/x y" and go on', '"rm -r /home/you/x y"'],
    ['(vastai auth status)', '(vastai auth status)'],
    ['See:vastai auth status', 'See:vastai auth status'],
  ])('never breaks a command after a colon, in quotation marks or in brackets: %s', (text, command) => {
    expect(lines(text, 4)).toContain(command);
  });

  it('ends a command at a full stop before a space, not at one inside a word', () => {
    expect(lines('vastai set api-key. And more', 8)).toEqual(['vastai set api-key.', 'And more']);
    expect(lines('vastai diff a.json b.json, and more', 8)).toEqual([
      'vastai diff a.json b.json,',
      'and more',
    ]);
    expect(lines('vastai show user) x', 8)).toEqual(['vastai show user)', 'x']);
  });

  it('counts the spaces of a command, and moves it to the next line if it does not fit', () => {
    expect(lines('Do "npm i a b c" now', 20)).toEqual(['Do "npm i a b c" now']);
    expect(lines('Do "npm i a b c" now', 19)).toEqual(['Do "npm i a b c"', 'now']);
    expect(lines('Do "npm i a b c" now', 15)).toEqual(['Do', '"npm i a b c"', 'now']);
  });

  it('does not mistake a quoted word, or text after a comma, for a command', () => {
    expect(lines('the "vastai" of "an npm x y"', 6)).toEqual(['the', '"vastai"', 'of "an', 'npm x', 'y"']);
    expect(lines('so, vastai set it', 6)).toEqual(['so,', 'vastai', 'set it']);
  });

  it('keeps all words in order, and no line is longer than necessary', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '鍵', 'é'), minLength: 1, maxLength: 9 });
    const text = fc.array(word, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), fc.nat(12), (words, columns, begin) => {
        const wrapped = lines(words.join(' '), columns, { begin });
        expect(wrapped.join(' ').split(/ +/u).filter(Boolean)).toEqual(words);
        const indent = Math.min(begin, Math.floor(columns / 2));
        for (const [index, line] of wrapped.entries()) {
          if (index > 0) expect(/^ */u.exec(line)?.[0]).toHaveLength(indent);
          const taken = widthOf(line) + (index === 0 ? begin : 0);
          if (taken > columns) expect(line.trim()).not.toContain(' ');
          const next = wrapped[index + 1]?.trim().split(' ', 1)[0];
          // The next word did not fit on this line.
          if (next !== undefined && line.trim() !== '')
            expect(taken + 1 + widthOf(next)).toBeGreaterThan(columns);
        }
      }),
    );
  });

  it('counts wide characters as two columns and combining ones as none', () => {
    expect(lines('鍵鍵 鍵鍵', 9)).toEqual(['鍵鍵 鍵鍵']);
    expect(lines('鍵鍵 鍵鍵', 8)).toEqual(['鍵鍵', '鍵鍵']);
    expect(lines('e\u0301e\u0301 e\u0301', 4)).toEqual(['e\u0301e\u0301 e\u0301']);
  });
});
