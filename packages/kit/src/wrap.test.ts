import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.js';

const lines = (text: string, columns: number, more = {}) => wrap(text, columns, more).split('\n');

describe('wrap', () => {
  it('breaks at spaces, and leaves a text that fits as it is', () => {
    expect(wrap('one two three', 13)).toBe('one two three');
    expect(lines('one two three', 12)).toEqual(['one two', 'three']);
    expect(lines('one two three', 5)).toEqual(['one', 'two', 'three']);
    expect(wrap('', 10)).toBe('');
  });

  it('goes on below where the text began', () => {
    expect(lines('one two three four', 20, { begin: 9 })).toEqual(['one two', `${' '.repeat(9)}three four`]);
  });

  it('keeps half of a narrow terminal for the text', () => {
    expect(lines('one two three', 10, { begin: 8 })).toEqual(['', '     one', '     two', '     three']);
  });

  it('begins where it should with a word that no line holds', () => {
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
    ['Save it with: vastai set api-key', 'vastai set api-key'],
    ['Save the key again (vastai set api-key), or pass it.', '(vastai set api-key),'],
    ['vastai config migrate', 'vastai config migrate'],
    ['rm /home/user/.vast_api_key, if older tools no longer need it.', 'rm /home/user/.vast_api_key,'],
    ['Update it: npm install -g vastai-cli@latest. Then try again.', 'npm install -g vastai-cli@latest.'],
    ['Use "vastai config migrate --to file" for them.', '"vastai config migrate --to file"'],
  ])('never breaks a command: %s', (text, command) => {
    for (const columns of [6, 16, 24])
      expect(lines(text, columns)).toContainEqual(expect.stringContaining(command));
  });

  it('breaks a sentence about vastai like any other', () => {
    expect(lines('It is a fault of vastai itself.', 20)).toEqual(['It is a fault of', 'vastai itself.']);
  });

  it('keeps the lines there are, and their indents', () => {
    expect(lines('add:\n  "misc": {}\n  a b c d e f', 9)).toEqual([
      'add:',
      '  "misc":',
      '  {}',
      '  a b c d',
      '  e f',
    ]);
  });

  it('counts wide characters as two columns, and combining ones as none', () => {
    expect(lines('鍵鍵 鍵鍵', 9)).toEqual(['鍵鍵 鍵鍵']);
    expect(lines('鍵鍵 鍵鍵', 8)).toEqual(['鍵鍵', '鍵鍵']);
    expect(lines('e\u0301e\u0301 e\u0301', 4)).toEqual(['e\u0301e\u0301 e\u0301']);
  });
});
