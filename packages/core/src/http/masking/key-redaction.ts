import type { ApiKey } from '../../base/api-key.js';
import { type Form, foldedBy, type Range, searchFor } from './find-spelled.js';
import { testForBytes } from './key-in-bytes.js';

/** Length from which a key is masked inside words too. Masking a key like `a` everywhere would make output unreadable. */
const SURE_LENGTH = 8;

/** Length from which words with spaces between them cannot match the key by chance. */
const LONG_LENGTH = 16;

/** Matches what can stand for a character of the key, or hide something between two: an escape, or a terminal sequence. */
const SPELLS = /[\u001b\u009b]|\\[ux]|%[\da-f]|&#/i;

/** Matches all but visible ASCII and the space. A backslash goes too: behind it, most characters stand for themselves. */
const APART = /[^ -[\]-~]+/g;

/** Returns a function that masks several keys in a string, each as `keyMask` does. */
export function keysMask(keys: readonly ApiKey[]): (text: string) => string {
  const masks = keys.map(keyMask);
  return (text) => masks.reduce((masked, mask) => mask(masked), text);
}

/**
 * Returns a function that masks a key in a string: the key itself, in upper or lower case, escaped for JSON, a URL or HTML,
 * as hexadecimal digits, and in base64 or base64url, alone or inside something longer.
 *
 * The key may be interrupted by invisible characters, terminal sequences and, if it is long, white space. Output is cleaned
 * of those after masking, which would otherwise put the key together again.
 */
export function keyMask(key: ApiKey): (text: string) => string {
  const value = key.reveal();
  const mask = key.toString();
  if (value.length < SURE_LENGTH) {
    const words = new RegExp(`(?<!\\w)(?:${spellings(value).join('|')})(?!\\w)`, 'g');
    return (text) => text.replace(words, () => mask);
  }
  const forms = formsOf(value);
  const search = searchFor(forms, isLong(value));
  const mayBeIn = quickTest(value, forms);
  return (text) => (mayBeIn(text) ? cover(text, search(text), mask) : text);
}

/** Holds what is known about keys before a text is searched for them. */
export interface KeyTraits {
  /** Length of the shortest one. */
  readonly shortest: number;
  /** Returns true if one of them has a character. */
  readonly has: (character: string) => boolean;
  /** Returns false if a text in UTF-8 certainly has none of them, in any spelling. It is quick. */
  readonly mayBeIn: (bytes: Uint8Array) => boolean;
}

/** Returns what is known of keys, to search long texts only where they can be. */
export function keyTraits(keys: readonly ApiKey[]): KeyTraits {
  const values = keys.map((key) => key.reveal());
  const isSure = values.every(({ length }) => length >= SURE_LENGTH);
  const forms = values.flatMap((value) => formsOf(value).map(({ text }) => text));
  return {
    shortest: Math.min(...values.map(({ length }) => length)),
    has: (character) => values.some((value) => value.includes(character)),
    mayBeIn: isSure ? testForBytes(forms) : () => true,
  };
}

function isLong(value: string): boolean {
  return value.length >= LONG_LENGTH;
}

function formsOf(value: string): Form[] {
  const forms = [value, hexBytes(value)].map((text) => ({ text: lowerCase(text), fold: lowerCase }));
  return [...forms, ...base64Forms(value)];
}

function quickTest(value: string, forms: readonly Form[]): (text: string) => boolean {
  const isIn = (text: string) => {
    const folds = foldedBy(forms, text);
    return forms.some((form, at) => folds[at]?.includes(form.text));
  };
  const hasBackslash = value.includes('\\');
  return (text) => {
    // No form is shorter than the key, so the length alone rules out most strings.
    if (text.length < value.length) return false;
    if (SPELLS.test(text) || (hasBackslash && text.includes('\\'))) return true;
    const visible = text.replace(APART, '');
    return isIn(isLong(value) ? visible.replaceAll(' ', '') : visible);
  };
}

function spellings(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, json, json.replaceAll('/', '\\/'), encodeURIComponent(value)])]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
}

/** Lower-cases ASCII letters only, so that no character changes its length. */
function lowerCase(text: string): string {
  const isAscii = Buffer.byteLength(text) === text.length;
  if (isAscii) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Returns the bytes in hexadecimal, as debuggers and dumps show them. */
function hexBytes(value: string): string {
  return Buffer.from(value).toString('hex');
}

/** Converts base64url to base64. */
function ordinaryBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** Encodes a key in its three base64 forms, since it can begin at any of the three bytes of a base64 group. */
function base64Forms(value: string): Form[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + value).toString('base64');
    // Without the digits that also depend on the bytes before and after the key.
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + value.length) * 8) / 6);
    return { text: encoded.slice(first, end), fold: ordinaryBase64 };
  });
}

function cover(text: string, ranges: readonly Range[], mask: string): string {
  let covered = '';
  let from = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start >= from) covered += text.slice(from, start) + mask;
    from = Math.max(from, end);
  }
  return covered + text.slice(from);
}
