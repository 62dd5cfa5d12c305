import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyForms } from './key-forms.js';
import { StreamMask } from './stream-mask.js';

const HEX = '9f3a60c1d2e4b5870f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcde1';
const ODD = 'k+y/with~odd%characters!=?&"';
const PERIODIC = 'abababababababab';

function maskOf(text: string): StreamMask {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(key);
  return new StreamMask(keyForms(key));
}

/** Masks a stream that arrives in chunks which end at these offsets. */
function masked(key: string, data: Buffer, ends: readonly number[] = []): Buffer {
  const mask = maskOf(key);
  const borders = [...new Set([0, ...ends.filter((end) => end < data.length), data.length])].sort(
    (a, b) => a - b,
  );
  const chunks = borders.slice(1).map((end, at) => mask.push(data.subarray(borders[at], end)));
  return Buffer.concat([...chunks, mask.end()]);
}

const encodings: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'in upper case': (key) => key.toUpperCase(),
  'percent-encoded': (key) => encodeURIComponent(key),
  'percent-encoded in lower case': (key) =>
    encodeURIComponent(key).replace(/%../gu, (one) => one.toLowerCase()),
  'percent-encoded as Python does': (key) =>
    key.replace(/[^\w.~/-]/gu, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
};

/** A spelling of the key, and the part of it that must be masked. */
const spellings = [HEX, ODD, PERIODIC].flatMap((key) => [
  ...Object.entries(encodings).map(([name, encode]) => ({
    key,
    name,
    before: '',
    text: encode(key),
    after: '',
  })),
  ...(['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((offset) => {
      const whole = Buffer.from(`${'x'.repeat(offset)}${key}z!`).toString(encoding);
      const first = Math.ceil((offset * 8) / 6);
      const end = Math.floor(((offset + key.length) * 8) / 6);
      return {
        key,
        name: `in ${encoding} at ${offset}`,
        before: whole.slice(0, first),
        text: whole.slice(first, end),
        after: whole.slice(end),
      };
    }),
  ),
]);

describe('a stream with a key in it', () => {
  it.each(spellings)('has it masked: $key $name', ({ key, before, text, after }) => {
    const data = Buffer.from(`<${before}${text}${after}>`);
    const expected = `<${before}${text.slice(0, 3)}…${after}>`;
    expect(masked(key, data).toString()).toBe(expected);
    expect(
      masked(
        key,
        data,
        Array.from(data, (_, at) => at),
      ).toString(),
    ).toBe(expected);
  });

  it('lets at most three characters of the key out, and changes nothing else, however it is cut', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      // Beginnings of the key are what is hardest to tell from the key.
      fc.nat(HEX.length - 1).map((length) => Buffer.from(HEX.slice(0, length))),
      fc.nat(HEX.length - 2).map((from) => Buffer.from(HEX.slice(from + 1))),
    );
    const piece = fc.oneof(
      noise.map((bytes) => ({ bytes, shown: bytes })),
      fc.constantFrom(...spellings.filter(({ key }) => key === HEX)).map(({ text }) => ({
        bytes: Buffer.from(text),
        shown: Buffer.from(`${text.slice(0, 3)}…`),
      })),
    );
    const separator = { bytes: Buffer.from([0]), shown: Buffer.from([0]) };
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (pieces, ends) => {
          const all = pieces.flatMap((one) => [one, separator]);
          const data = Buffer.concat(all.map(({ bytes }) => bytes));
          const shown = Buffer.concat(all.map((one) => one.shown));
          if (!masked(HEX, data, ends).equals(shown)) throw new Error('The stream is masked differently.');
        },
      ),
      { numRuns: 10_000, seed: 20_260_115 },
    );
  });

  it('never shows more than three characters of a key that follows a beginning of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(HEX, PERIODIC, ODD),
        fc.array(fc.nat(70), { maxLength: 4 }),
        fc.array(fc.nat(300), { maxLength: 8 }),
        (key, lengths, ends) => {
          const data = `${lengths.map((length) => key.slice(0, length % key.length)).join('')}${key}`;
          const shown = masked(key, Buffer.from(data), ends).toString();
          expect(shown.endsWith('…')).toBe(true);
          expect(shown).not.toContain(key);
        },
      ),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('has it masked in base64 that is broken into lines', () => {
    const lines = (width: number, end: string) =>
      (
        Buffer.from(`The key: ${HEX}\n`)
          .toString('base64')
          .match(new RegExp(`.{1,${width}}`, 'g')) ?? []
      ).join(end);
    for (const width of [1, 4, 19, 60, 64, 76]) {
      for (const end of ['\n', '\r\n']) {
        const shown = masked(HEX, Buffer.from(`${lines(width, end)}${end}`)).toString();
        const digits = shown.replace(/\s/gu, '');
        expect(Buffer.from(digits.split('…')[0] ?? '', 'base64').toString()).toBe(
          `The key: ${HEX.slice(0, 2)}`,
        );
        expect(digits).toMatch(/…Cg==$|….{1,4}$/u);
      }
    }
  });
});

describe('of a stream, is passed on at once', () => {
  it('everything that cannot become the key', () => {
    const mask = maskOf(HEX);
    expect(mask.push(Buffer.from(`text ${HEX.slice(0, 3)}`)).toString()).toBe(`text ${HEX.slice(0, 3)}`);
    expect(mask.push(Buffer.from(HEX.slice(3, 10))).toString()).toBe('');
    expect(mask.push(Buffer.from('\n')).toString()).toBe(`${HEX.slice(3, 10)}\n`);
    expect(mask.push(Buffer.from('a prompt: ')).toString()).toBe('a prompt: ');
    expect(mask.end()).toHaveLength(0);
  });

  it('what is behind the key', () => {
    const mask = maskOf(HEX);
    expect(mask.push(Buffer.from(HEX)).toString()).toBe(`${HEX.slice(0, 3)}…`);
    const encoded = Buffer.from(`${HEX}\n`).toString('base64');
    expect(mask.push(Buffer.from(`${encoded}\n`)).toString()).toBe(
      `${encoded.slice(0, 3)}…${encoded.slice(85)}\n`,
    );
  });

  it('a beginning of the key at the end of the stream', () => {
    const mask = maskOf(HEX);
    expect(mask.push(Buffer.from(HEX.slice(0, 60))).toString()).toBe(HEX.slice(0, 3));
    expect(mask.end().toString()).toBe(HEX.slice(3, 60));
  });
});

describe('a stream', () => {
  it('of any bytes stays as it is without the key', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.nat(500), { maxLength: 9 }),
        (bytes, ends) => {
          expect(masked(HEX, Buffer.from(bytes), ends)).toEqual(Buffer.from(bytes));
        },
      ),
      { seed: 3 },
    );
  });

  it('is never masked for a key that is too short to be sure of', () => {
    const key = ApiKey.parse('short');
    expect(typeof key === 'string' ? key : keyForms(key)).toEqual([]);
  });
});
