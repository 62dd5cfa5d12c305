/**
 * Matches characters that could control a terminal or be invisible in it: control, bidi and tag characters, line
 * separators and lone surrogates, except the two variation selectors that emoji need. A test keeps it equal to
 * core/src/base/unseen.ts, which this package does not import. Compiling it takes half a millisecond, and most texts
 * need only SEEN.
 */
const unseen = () => /(?!\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{DI}\p{Cs}\u2028\u2029]/gu;

/** Matches texts of visible ASCII characters and spaces. */
const SEEN = /^[ -~]*$/;

/** Replaces each control or invisible character in a string with the result of `write`. */
export function replaceUnseen(text: string, write: (character: string) => string): string {
  return SEEN.test(text) ? text : text.replace(unseen(), write);
}

/** Escapes a character as in JSON: `\uXXXX` for each UTF-16 code unit. */
export function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
