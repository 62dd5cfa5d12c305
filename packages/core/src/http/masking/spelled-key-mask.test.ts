import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY, KEY_TEXT, parseKey } from '../test-support/loopback-server.js';
import { keyMask } from './key-redaction.js';
import { SpelledKeyMask } from './spelled-key-mask.js';

const maskKey = keyMask(KEY);

function inPieces(bytes: Buffer, cuts: readonly number[], key = KEY): Buffer {
  const mask = new SpelledKeyMask([key]);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = places.slice(1).flatMap((place, at) => mask.push(bytes.subarray(places[at], place)));
  return Buffer.concat([...pieces, ...mask.end()]);
}

const masked = (text: string) => inPieces(Buffer.from(text), []).toString();

const codes = (text: string, code: (character: string) => string) => Array.from(text, code).join('');
const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, '0');

/** The key in each spelling. */
const SPELLED = [
  KEY_TEXT,
  KEY_TEXT.toUpperCase(),
  codes(KEY_TEXT, (c) => `\\u00${hex(c)}`),
  codes(KEY_TEXT, (c) => `%${hex(c)}`),
  codes(KEY_TEXT, (c) => `&#${c.charCodeAt(0)};`),
  Buffer.from(KEY_TEXT).toString('hex'),
  Buffer.from(KEY_TEXT).toString('base64'),
  Buffer.from(`x${KEY_TEXT}`).toString('base64url'),
  KEY_TEXT.replace(/(.{20})/gu, '$1\n'),
  KEY_TEXT.replace(/(.{20})/gu, '$1\u200b'),
  KEY_TEXT.replace(/(.{20})/gu, '$1\u001b[1;31m'),
  KEY_TEXT.replace(/(.{9})/u, '$1\u001b]8;;https://a.b/"c,d"\u0007'),
  KEY_TEXT.replace(/(.{9})/u, '$1\u009b4:3m'),
];
const part = fc.oneof(
  fc.constantFrom(...SPELLED),
  fc.constantFrom(
    KEY_TEXT.slice(0, 40),
    'a',
    '"',
    '","',
    '\\',
    '\\n',
    ' ',
    '\n',
    'é',
    '🔑',
    '{',
    'x'.repeat(90),
  ),
);
const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));

describe('masking the key of this run', () => {
  it('makes the same of a text wherever it is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        const bytes = Buffer.from(text);
        expect(inPieces(bytes, cuts).toString()).toBe(masked(text));
      }),
      { numRuns: 600 },
    );
  });

  it('finds the key where a whole text is searched', () => {
    fc.assert(
      fc.property(text, (text) => {
        const result = masked(text);
        expect(maskKey(result)).toBe(result);
        if (maskKey(text) === text) expect(result).toBe(text);
        else expect(result).toContain('…');
      }),
      { numRuns: 600 },
    );
  });

  it.each(SPELLED)('masks the spelling %# wherever it is cut, and byte by byte', (spelled) => {
    const bytes = Buffer.from(`{"a":"${spelled}","b":1}`);
    const places = Array.from({ length: bytes.length }, (_, at) => at);
    const whole = inPieces(bytes, []).toString();
    expect(whole).toMatch(/^\{"a":".{0,3}….*","b":1\}$/su);
    for (const cuts of [places, ...places.map((place) => [place])])
      expect(inPieces(bytes, cuts).toString()).toBe(whole);
  });

  it('keeps JSON what it is', () => {
    const json = fc.array(part, { maxLength: 5 }).map((parts) => JSON.stringify({ a: parts.join(''), b: 1 }));
    fc.assert(
      fc.property(json, (json) => {
        expect(JSON.parse(masked(json))).toMatchObject({ b: 1 });
      }),
      { numRuns: 600 },
    );
    const key = parseKey(`n${KEY_TEXT}`);
    const text = `{"a":"\\n${KEY_TEXT}"}`;
    expect(JSON.parse(inPieces(Buffer.from(text), [], key).toString())).toEqual({
      a: `…${KEY_TEXT.slice(-4)}`,
    });
  });

  it('keeps all bytes of what is not text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), fc.array(fc.nat(), { maxLength: 4 }), (bytes, cuts) => {
        expect(inPieces(Buffer.from(bytes), cuts)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('needs little memory for a text without end, and finds the key in it at any place', () => {
    const mask = new SpelledKeyMask([KEY]);
    const filler = 'x'.repeat(50_000);
    let longest = 0;
    let result = '';
    let pushed = 0;
    for (let count = 0; count < 40; count += 1) {
      const piece = count % 3 === 0 ? filler.slice(count) + KEY_TEXT : filler;
      pushed += piece.length;
      result += Buffer.concat([...mask.push(Buffer.from(piece))]).toString();
      longest = Math.max(longest, pushed - result.length);
    }
    result += Buffer.concat([...mask.end()]).toString();
    expect(result).not.toContain(KEY_TEXT);
    expect(result.match(/…/gu)).toHaveLength(14);
    expect(longest).toBeLessThan(200_000);
  });

  it('finds every one of many keys in a row', () => {
    const bytes = Buffer.from(KEY_TEXT.repeat(2000));
    const cuts = Array.from({ length: 20 }, (_, at) => at * 6000 + 7);
    const result = inPieces(bytes, cuts).toString();
    expect(result).toBe(`${KEY}`.repeat(2000));
  });

  it('finds a key with any character in it, and a short one as a word', () => {
    for (const value of ['ab"c,d:e{f}g[h]', "x!$'()*,.:<>?@[]^`{|}~", 'short', 'a\\b/c"d%e&f#g']) {
      const key = parseKey(value);
      const bytes = Buffer.from(`log: ${value} and ${'y'.repeat(100)}`);
      expect(inPieces(bytes, [8, 12, 20], key).toString()).toBe(`log: ${key} and ${'y'.repeat(100)}`);
    }
  });
});
