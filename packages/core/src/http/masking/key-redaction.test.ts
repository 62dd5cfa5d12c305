import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverText } from '../../base/terminal-safe.js';
import { KEY, KEY_TEXT, parseKey } from '../test-support/loopback-server.js';
import { keyMask } from './key-redaction.js';

const mask = keyMask(KEY);
const MASKED = 'x…A1b2y';
const between = (what: string) => `x${[...KEY_TEXT].join(what)}y`;
const each = (write: (code: number) => string) =>
  `x${[...KEY_TEXT].map((character) => write(character.charCodeAt(0))).join('')}y`;
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');

describe('keyMask', () => {
  it('masks the key wherever it is', () => {
    expect(mask(`a${KEY_TEXT}b ${KEY_TEXT}`)).toBe('a…A1b2b …A1b2');
    expect(mask(KEY_TEXT + KEY_TEXT)).toBe('…A1b2…A1b2');
  });

  it('masks the JSON-escaped and the percent-encoded key too', () => {
    const odd = keyMask(parseKey('a"b\\c/d$&e+f1234'));
    expect(odd('x a"b\\c/d$&e+f1234 x')).toBe('x …1234 x');
    expect(odd('x a\\"b\\\\c/d$&e+f1234 x')).toBe('x …1234 x');
    expect(odd('x a\\"b\\\\c\\/d$&e+f1234 x')).toBe('x …1234 x');
    expect(odd('x a%22b%5Cc%2Fd%24%26e%2Bf1234 x')).toBe('x …1234 x');
    expect(odd('x a%22b%5cc%2fd%24%26e%2bf1234 x')).toBe('x …1234 x');
  });

  it.each([
    ['upper case', `x${KEY_TEXT.toUpperCase()}y`],
    ['lower case', `x${KEY_TEXT.toLowerCase()}y`],
    ['JSON escapes', each((code) => `\\u${hex(code, 4)}`)],
    ['upper-case JSON escapes', each((code) => `\\u${hex(code, 4).toUpperCase()}`)],
    ['percent-encoding throughout', each((code) => `%${hex(code, 2)}`)],
    ['escapes of a programming language', each((code) => `\\x${hex(code, 2)}`)],
    ['hexadecimal entities of HTML', each((code) => `&#x${hex(code, 2)};`)],
    ['decimal entities of HTML', each((code) => `&#${code};`)],
    ['the hexadecimal digits of its bytes', each((code) => hex(code, 2))],
    ['upper-case hexadecimal digits of its bytes', each((code) => hex(code, 2).toUpperCase())],
    ['the bytes of a dump', each((code) => `${hex(code, 2)} `).replace(' y', 'y')],
  ])('masks the key in %s', (_, text) => {
    expect(mask(text)).toBe(MASKED);
  });

  it.each(['base64', 'base64url'] as const)('masks the key in %s, whatever is around it', (encoding) => {
    for (const before of ['', 'a', 'ab', 'Bearer ', '{"key":"', 'ü']) {
      for (const after of ['', '"}', 'abc']) {
        for (const key of [KEY, parseKey(`~~??>>${KEY_TEXT}>>?~1234`), parseKey('f0?d~f00d')]) {
          const encoded = Buffer.from(before + key.reveal() + after).toString(encoding);
          const masked = keyMask(key)(`x ${encoded} y`);
          const digits = Buffer.from(key.reveal()).toString(encoding).slice(4, 12);
          expect(masked).toContain('…');
          expect(masked).not.toContain(digits);
          expect(masked.length).toBeLessThan(4 + (before.length + after.length) * 2 + 20);
        }
      }
    }
  });

  it('masks base64 that is broken into lines', () => {
    const lines = Buffer.from(`Bearer ${KEY_TEXT}`).toString('base64').replace(/.{20}/g, '$&\r\n');
    expect(mask(lines)).toMatch(/^\S{10}…A1b2=?=?$/);
  });

  it.each([
    ['NUL', '\0'],
    ['DEL', '\u007f'],
    ['C1', '\u0085'],
    ['ESC', '\u001b'],
    ['a colour', '\u001b[31m'],
    ['an 8-bit colour', '\u009b31m'],
    ['a title', '\u001b]0;title\u0007'],
    ['a link', '\u001b]8;;http://a.example\u001b\\'],
    ['a character that ESC eats', '\u001bM'],
    ['a zero width space', '\u200b'],
    ['a joiner', '\u200d'],
    ['a soft hyphen', '\u00ad'],
    ['a byte order mark', '\ufeff'],
    ['bidi', '\u202e'],
    ['a bidi isolate', '\u2066'],
    ['an invisible operator', '\u2062'],
    ['a combining accent', '\u0301'],
    ['a grapheme joiner', '\u034f'],
    ['a variation selector', '\ufe0f'],
    ['a supplementary variation selector', '\u{e0101}'],
    ['a tag', '\u{e0041}'],
    ['the start of the tags', '\u{e0000}'],
    ['a Hangul filler', '\u3164'],
    ['half a character', '\ud800'],
    ['a private character', '\ue000'],
    ['a space', ' '],
    ['a no-break space', '\u00a0'],
    ['a line break', '\r\n'],
    ['a line separator', '\u2028'],
    ['all of these', '\0\u001b[1m\u200b\u202e\u{e0041} \u001b'],
    ['an escaped zero width space', '\\u200b'],
    ['an encoded zero width space', '%E2%80%8B'],
  ])('masks the key with %s between its characters', (_, what) => {
    expect(mask(between(what))).toBe(MASKED);
    expect(serverText(mask(`${KEY_TEXT.slice(0, 30)}${what}${KEY_TEXT.slice(30)}`))).toBe('…A1b2');
  });

  it('masks what only cleaning makes the key of', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '',
            '\u001b',
            '\u001b[0m',
            '\u001b[1;2',
            '\u001bQ',
            '\u009b',
            '\u200b',
            '\0',
            '\u001b]x\u0007',
          ),
          {
            minLength: KEY_TEXT.length,
            maxLength: KEY_TEXT.length,
          },
        ),
        (pieces) => {
          const text = [...KEY_TEXT].map((character, at) => `${pieces[at]}${character}`).join('');
          expect(serverText(mask(text)).toLowerCase()).not.toContain(KEY_TEXT.toLowerCase());
        },
      ),
    );
  });

  it('leaves everything else alone', () => {
    for (const text of [
      'API Key not found.',
      KEY_TEXT.slice(1),
      KEY_TEXT.slice(0, -1),
      [...KEY_TEXT].reverse().join(''),
      'Größe 100 % \\ & \u001b[31mred\u001b[0m 👩‍💻'.repeat(20),
      Buffer.from(KEY_TEXT.slice(0, 32)).toString('base64').repeat(2),
    ])
      expect(mask(text)).toBe(text);
  });

  it('does not take words with spaces between them for a short key', () => {
    expect(keyMask(parseKey('notfound'))('API Key not found.')).toBe('API Key not found.');
  });

  it('masks a very short key only as a word', () => {
    expect(keyMask(parseKey('msg'))('msgs of msg, "msg"')).toBe('msgs of …, "…"');
  });

  it('handles a long response, even a malicious one', () => {
    const busy = `${KEY_TEXT.slice(0, 2)}${`\u001b${KEY_TEXT[2]}`.repeat(100)}`;
    for (const text of [
      ' word',
      KEY_TEXT.slice(0, -1),
      '\u001b]',
      busy,
      `\u001b[${KEY_TEXT[0]}`,
      '%41',
      '0 ',
    ]) {
      const long = text.repeat(Math.ceil((1024 * 1024) / text.length));
      expect(mask(long)).toBe(long);
    }
  });
});
