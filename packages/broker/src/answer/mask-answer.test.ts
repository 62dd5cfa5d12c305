import { ApiKey } from '@vastai-cli/core';
import { keyMask } from '@vastai-cli/core/internal/http/masking/key-redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerMask, maskJson } from './mask-answer.js';

const KEY = `${'0123456789abcdef'.repeat(3)}fedcba9876543210`;
const OTHER = 'b'.repeat(64);
const maskKey = keyMask(ApiKey.parse(KEY) as ApiKey);
const masked = (text: string) => maskJson(text, maskKey);

/** Masks a text that arrives in pieces, cut at these places. */
function inPieces(text: string, cuts: readonly number[]): string {
  const mask = answerMask(maskKey);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  const pieces = places.slice(1).map((place, at) => mask.push(text.slice(places[at], place)));
  return pieces.join('') + mask.end();
}

/** Parts of strings that could be mistaken for something else. */
const part = fc.constantFrom(
  'a',
  '"',
  '\\',
  '/',
  ' ',
  '\n',
  '{',
  '}',
  ':',
  ',',
  'é',
  '🔑',
  '\u2028',
  'ssh-rsa ',
  'api_key',
  KEY,
  KEY.slice(0, 40),
  OTHER,
  KEY.toUpperCase(),
  Buffer.from(`x${KEY}`).toString('base64'),
);
const string = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
const name = fc.constantFrom(
  'api_key',
  'key',
  'new_api_key',
  'session_key',
  'instance_api_key',
  'id',
  'a"\\:',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    string,
    fc.constantFrom(0, -0.5, 1e21, 12345678901, null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
/** A text with white space, and with some characters of its strings escaped. */
const text = fc
  .tuple(value, fc.constantFrom(undefined, 1, '\t'), fc.constantFrom('', 'k', '/', '_'))
  .map(([value, space, escaped]) => {
    const code = `\\u${escaped.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const plain = JSON.stringify(value, null, space);
    // Not in the words true, false and null, nor behind a backslash.
    return escaped === ''
      ? plain
      : plain.replace(/"(?:[^"\\]|\\.)*"/gsu, (one) =>
          one.replace(/\\.|./gsu, (c) => (c === escaped ? code : c)),
        );
  });

/** Leaves out the strings with the key: how much of them is masked depends on their spelling. */
function withoutKey(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) =>
      typeof item === 'string' && item.includes('…') && item !== '…' ? '…' : item,
    ),
  );
}

/** Says what masking should make of a value, by another way. */
function expected(value: unknown, field?: string, isRoot = true): unknown {
  if (typeof value === 'string') {
    const isSecret =
      /^(?:(?:instance_|new_)?api_key|session_key|key)$/u.test(field ?? '') && !/^ssh-\w+ /u.test(value);
    if (value !== '' && (isSecret || (isRoot && /^[0-9a-f]{40,}$/iu.test(value)))) return '…';
    return maskKey(value);
  }
  if (Array.isArray(value)) return value.map((item) => expected(item, field, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, expected(item, name, false)]));
}

describe('masking a response', () => {
  it('makes the same of it wherever it is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        expect(inPieces(text, cuts)).toBe(masked(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('makes the same of it character by character', () => {
    fc.assert(
      fc.property(text, (text) => {
        expect(
          inPieces(
            text,
            Array.from(text, (_, at) => at),
          ),
        ).toBe(masked(text));
      }),
    );
  });

  it('masks the values of secret fields and the key, and leaves all else as it is', () => {
    fc.assert(
      fc.property(text, (text) => {
        const result = masked(text);
        expect(withoutKey(JSON.parse(result))).toEqual(withoutKey(expected(JSON.parse(text))));
        expect(result.toLowerCase()).not.toContain(KEY);
        const hasSecret =
          maskKey(text) !== text || /key|[0-9a-f]{40}/iu.test(JSON.stringify(JSON.parse(text)));
        if (!hasSecret) expect(result).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts the same texts as JSON.parse, wherever they are cut', () => {
    const torn = fc.tuple(
      text,
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('', '"', ',', '}', ']', ':', '\\', '0', '-', 'e', '\u0001', '\u00a0', 'null'),
    );
    fc.assert(
      fc.property(torn, fc.array(fc.nat(), { maxLength: 6 }), ([text, from, length, put], cuts) => {
        const at = from % (text.length + 1);
        const changed = text.slice(0, at) + put + text.slice(at + length);
        const accepts = (read: () => unknown) => {
          try {
            read();
            return true;
          } catch {
            return false;
          }
        };
        const isValid = accepts(() => JSON.parse(changed));
        expect(accepts(() => inPieces(changed, cuts))).toBe(isValid);
        expect(accepts(() => masked(changed))).toBe(isValid);
      }),
      { numRuns: 4000 },
    );
  });

  it('finds every list and every spelling of a secret field', () => {
    const escaped = Array.from(
      'instance_api_key',
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ).join('');
    expect(masked(`{"${escaped}":"a"}`)).toBe(`{"${escaped}":"…"}`);
    expect(masked('{"key":[1,"a",[null,"b"],{"id":"c","key":"d"}],"id":"e"}')).toBe(
      '{"key":[1,"…",[null,"…"],{"id":"c","key":"…"}],"id":"e"}',
    );
    expect(masked('{"api_key":{"a":"b"},"key":"","__proto__":{"key":"a"}}')).toBe(
      '{"api_key":{"a":"b"},"key":"","__proto__":{"key":"…"}}',
    );
  });

  it('holds back only what is not complete', () => {
    const mask = answerMask(maskKey);
    expect(mask.push('{"a": [1, 2')).toBe('{"a": [1, ');
    expect(mask.push('3, "b')).toBe('23, ');
    expect(mask.push('c", "api_key')).toBe('"bc", ');
    expect(() => mask.push('x'.repeat(1024 * 1024))).toThrow(SyntaxError);
    expect(() => masked(`"${'x'.repeat(1024 * 1024)}"`)).toThrow(SyntaxError);
    expect(() => masked(`${'['.repeat(300)}${']'.repeat(300)}`)).toThrow(SyntaxError);
  });
});
