import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeInvisible, hiddenAt, sequenceEndAt, serverText } from './terminal-safe.js';

describe('serverText', () => {
  it('removes terminal sequences and control characters', () => {
    expect(serverText('\u001b[31mred\u001b[0m \u009b2Jgone \u0007bell\u0000')).toBe('red gone bell');
    expect(serverText('\u001b]0;title\u0007text \u001bPdata\u001b\\end')).toBe('text end');
    expect(serverText('a\u001b]8;;http://evil.example')).toBe('a');
  });

  it('removes bidi and invisible characters', () => {
    expect(serverText('abc\u202egnp.exe\u2066x\u2069\u200e\u200f\u061c\u200b\ufeff')).toBe('abcgnp.exex');
  });

  it('removes tags, and selectors other than those of emoji', () => {
    const tags = [...'ignore all'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)));
    expect(serverText(`a${tags.join('')}b\u{e0000}\u{e0001}\u{e007f}c\u{e0101}d`)).toBe('abcd');
    expect(serverText('a\u00ad\u034f\u3164\u115f\ufe05\u2062b')).toBe('ab');
  });

  it('collapses white space', () => {
    expect(serverText('  two\r\n\tlines\u2028and\u00a0more  ')).toBe('two lines and more');
  });

  it('keeps other languages and joined emoji', () => {
    expect(serverText('Schlüssel 鍵 👩‍💻 ❤️ é')).toBe('Schlüssel 鍵 👩‍💻 ❤️ é');
  });

  it('replaces lone surrogates', () => {
    expect(serverText('a\ud800b')).toBe('a\ufffdb');
  });

  it('leaves nothing that controls a terminal, whatever the string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const clean = serverText(`\u001b[1m${text}\u009b${text}\u202e`, limit);
        expect(clean).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect([...clean].length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('cuts long strings between characters', () => {
    expect(serverText('x'.repeat(1000))).toBe(`${'x'.repeat(299)}…`);
    expect(serverText('👍'.repeat(10), 4)).toBe('👍👍👍…');
    expect(serverText('y'.repeat(5000), Number.POSITIVE_INFINITY)).toHaveLength(5000);
    expect(serverText('👍👍', 2)).toBe('👍👍');
  });
});

describe('escapeInvisible', () => {
  it('escapes invisible characters as JSON does, and leaves line breaks', () => {
    expect(escapeInvisible('plain\ntext')).toBe('plain\ntext');
    expect(escapeInvisible('a\u200db\u0007\n\u202e❤\ufe0f\u{e0041}é')).toBe(
      'a\\u200db\\u0007\n\\u202e❤\ufe0f\\udb40\\udc41é',
    );
  });
});

describe('a hidden character', () => {
  it.each([
    ['a', 0, 0],
    ['!', 0, 0],
    ['~', 0, 0],
    ['\u007f', 1, 1],
    ['\u200b', 1, 1],
    ['\u0301', 1, 1],
    ['\u2800', 1, 1],
    ['\ufffd', 1, 1],
    ['\u{e0041}', 2, 2],
    ['é', 0, 0],
    ['鍵', 0, 0],
    [' ', 0, 1],
    ['\u00a0', 0, 1],
    ['\u2028', 0, 1],
    ['\n', 1, 1],
    ['', 0, 0],
  ])('is invisible, or a space where spaces count: %j', (character, length, withSpaces) => {
    const text = `x${character}x`;
    if (character === '') {
      expect(hiddenAt('', 0, true)).toBe(0);
      return;
    }
    expect(hiddenAt(text, 1, false)).toBe(length);
    expect(hiddenAt(text, 1, true)).toBe(withSpaces);
  });
});

describe('a terminal sequence', () => {
  it.each([
    ['\u001b[31m', 5],
    ['\u009b2J', 3],
    ['\u001b]0;title\u0007', 10],
    ['\u001bPdata\u001b\\', 8],
    ['\u001b', 1],
    ['\u009b', 0],
    ['[31m', 0],
    ['', 0],
  ])('ends after its last character: %j', (sequence, length) => {
    expect(sequenceEndAt(`x${sequence}é`, 1)).toBe(1 + length);
  });
});
