import { describe, expect, it } from 'vitest';
import { negatives } from '../test-support/negatives.js';
import { positives } from '../test-support/positives.js';
import { Random } from '../test-support/random.js';
import { KeyScanner, scanBytes } from './scanner.js';

const SEED = 20261128;
const withKeys = positives(new Random(SEED), 24);
const withoutKeys = negatives(new Random(SEED + 1), 320);

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const encodings: [string, (text: string) => Uint8Array][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16 little-endian', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 big-endian', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-16 without a byte order mark', (text) => Buffer.from(text, 'utf16le')],
  ['lines that end with CRLF', (text) => Buffer.from(text.replace(/\r?\n/gu, '\r\n'))],
];

describe('the corpus', () => {
  it('is as large as the figures need it to be', () => {
    expect(new Set(withKeys.map(({ form }) => form)).size).toBeGreaterThanOrEqual(15);
    expect(withKeys.length).toBeGreaterThanOrEqual(300);
    expect(withoutKeys.length).toBeGreaterThanOrEqual(10_000);
  });

  it('is found with a recall and a precision of 99 %', () => {
    const missed = withKeys.filter(({ text, path, key }) => !keysIn(Buffer.from(text), path).includes(key));
    const wrong = withoutKeys.filter(({ text, path }) => keysIn(Buffer.from(text), path).length > 0);
    const right = withKeys.length - missed.length;
    const [recall, precision] = [right / withKeys.length, right / (right + wrong.length)];
    console.log(
      `recall ${percent(recall)} of ${withKeys.length}, precision ${percent(precision)} with ${withoutKeys.length}`,
    );
    expect({ missed: forms(missed), wrong: forms(wrong) }).toEqual({ missed: {}, wrong: {} });
    expect(recall).toBeGreaterThanOrEqual(0.99);
    expect(precision).toBeGreaterThanOrEqual(0.99);
  });

  it.each(encodings)('is found in %s', (_, encode) => {
    const missed = withKeys.filter(({ text, path, key }) => !keysIn(encode(text), path).includes(key));
    expect(forms(missed)).toEqual({});
  });

  it('has the same findings when it comes in parts as when it comes at once', () => {
    const all = Buffer.from(
      [...withKeys, ...withoutKeys].map(({ text }) => `${text}\n${'#\n'.repeat(8)}`).join(''),
    );
    const whole = scanBytes(all).found.map(place);
    const random = new Random(SEED + 2);
    const scanner = new KeyScanner();
    const inParts = [];
    for (let at = 0; at < all.length; ) {
      const length = 1 + random.below(random.of(3, 5_000, 1_500_000));
      inParts.push(...scanner.push(all.subarray(at, at + length)));
      at += length;
    }
    inParts.push(...scanner.end());
    expect(whole.length).toBeGreaterThan(300);
    expect(inParts.map(place)).toEqual(whole);
  });
});

function keysIn(bytes: Uint8Array, path: string): string[] {
  return scanBytes(bytes, { path }).found.map((key) => key.reveal());
}

function place({
  line,
  column,
  suffix,
  reason,
}: {
  line: number;
  column: number;
  suffix: string;
  reason: string;
}): string {
  return `${line}:${column} ${suffix} ${reason}`;
}

/** Counts the files of each form, so that a failed test prints no file. */
function forms(files: readonly { form: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { form } of files) counts[form] = (counts[form] ?? 0) + 1;
  return counts;
}
