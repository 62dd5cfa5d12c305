import type { ApiKey } from '../base/api-key.js';
import { type Form, findSpelled, type Range } from './find-spelled.js';

/** Shorter keys are masked only where they stand alone, lest a key like `a` makes every text unreadable. */
const SURE_LENGTH = 8;

/** From this length on, words with spaces between them cannot look like the key by chance. */
const LONG_LENGTH = 16;

/** Whether a text has a character that stands for another one, or for nothing that could be seen. */
const SPELLS = /[^!-~]|[\\%&]/;

/**
 * Returns a function that masks one key wherever a text repeats it: as it is, in upper or lower case, escaped
 * for JSON, a URL or HTML, as the hexadecimal digits of its bytes, and in base64 or base64url, alone or within
 * something longer.
 *
 * Characters that cannot be seen, terminal sequences and, in a long key, white space may stand inside. Cleaning
 * takes those out later, so a mask that overlooked them would leave the whole key to be printed.
 */
export function keyMask(key: ApiKey): (text: string) => string {
  const value = key.reveal();
  const mask = key.toString();
  if (value.length < SURE_LENGTH) {
    const words = new RegExp(`(?<!\\w)(?:${spellings(value).join('|')})(?!\\w)`, 'g');
    return (text) => text.replace(words, () => mask);
  }
  const forms = [value, hexBytes(value)].map((text) => ({ text: lowerCase(text), fold: lowerCase }));
  forms.push(...base64Forms(value));
  const mayHold = (text: string) =>
    // No form is shorter than the key itself, and hardly a text in a long list is as long as that.
    text.length >= value.length &&
    (SPELLS.test(text) || forms.some((form) => form.fold(text).includes(form.text)));
  const acrossSpaces = value.length >= LONG_LENGTH;
  return (text) => (mayHold(text) ? cover(text, findSpelled(text, forms, acrossSpaces), mask) : text);
}

function spellings(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, json, json.replaceAll('/', '\\/'), encodeURIComponent(value)])]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
}

/** Of ASCII alone, so that every character keeps its place. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** As debuggers and dumps show the bytes. */
function hexBytes(value: string): string {
  return Buffer.from(value).toString('hex');
}

/** Base64 for URLs, written as ordinary base64. */
function ordinaryBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** Encodes a key three times: what is before it decides where in base64's groups of three bytes it begins. */
function base64Forms(value: string): Form[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + value).toString('base64');
    // Only the digits that no neighbour of the key has a part in.
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
