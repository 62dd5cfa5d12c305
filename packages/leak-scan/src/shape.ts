import { KEY_LENGTH } from './words.js';

/**
 * Describes the shape of a word: `key` is 64 hexadecimal digits, as in Vast.ai's keys. `unusual` is another long word
 * that can be a key, because the documentation promises no format; it needs a context that leaves no doubt.
 */
export type Shape = 'key' | 'unusual';

/** Digits of which hand-made samples and filled memory consist. */
const MADE_UP = /deadbeef|cafebabe|feedface|baadf00d|deadc0de|0123456789|123456789a|fedcba98/iu;
/** Limits how many of 63 neighbouring pairs may be equal or one apart. Random digits have 12, and more than 28 about once in a million keys. */
const MOST_STEPS = 28;
/** Sets the fewest different digits of a random key; it has 15.7 on average. */
const LEAST_DIGITS = 9;
/** Git's hashes have 40 digits, and are no keys. */
const LEAST_UNUSUAL = 41;
const MOST_UNUSUAL = 128;

/** Returns the shape of a word, or undefined if it is too short, too long or too plain for a key. */
export function shapeOf(word: string): Shape | undefined {
  if (word.length > MOST_UNUSUAL) return undefined;
  const isHex = /^(?:[0-9a-f]+|[0-9A-F]+)$/u.test(word);
  if (isHex && word.length === KEY_LENGTH) return 'key';
  if (word.length < LEAST_UNUSUAL) return undefined;
  const isMixed = /\d/u.test(word) && /[a-z]/u.test(word) && /[A-Z]/u.test(word);
  return isHex || isMixed ? 'unusual' : undefined;
}

/** Returns true for what people write in place of a key: repeated or sequential digits, and well-known words. */
export function isPlaceholder(word: string): boolean {
  if (MADE_UP.test(word)) return true;
  if (!/\d/u.test(word) || !/[a-z]/iu.test(word)) return true;
  if (new Set(word.toLowerCase()).size < LEAST_DIGITS) return true;
  return repeats(word) || counts(word, 1) || counts(word, 2);
}

/** Returns true if most of a word repeats what is a fixed distance before, as in a sample that somebody typed by copying a part. */
function repeats(word: string): boolean {
  for (let period = 1; period <= (2 * word.length) / 3; period++) {
    let same = 0;
    for (let at = period; at < word.length; at++) if (word[at] === word[at - period]) same++;
    if (same >= 0.75 * (word.length - period)) return true;
  }
  return false;
}

/** Returns true if the digits of a word mostly count up or down, or stay the same; `apart` is the distance of those compared. */
function counts(word: string, apart: number): boolean {
  let steps = 0;
  for (let at = apart; at < word.length; at++) {
    const difference = digit(word, at) - digit(word, at - apart);
    if (Math.abs(difference) <= 1 || Math.abs(difference) === 15) steps++;
  }
  return steps > (MOST_STEPS * word.length) / KEY_LENGTH;
}

function digit(word: string, at: number): number {
  const code = word.charCodeAt(at) | 0x20;
  return code >= 0x61 ? code - 0x61 + 10 : code - 0x30;
}
