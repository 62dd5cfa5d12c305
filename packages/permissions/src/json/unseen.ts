/**
 * Matches control, bidi, tag and other characters that cannot be seen, the separators of lines, and half surrogate pairs, but
 * for the two selectors that emoji need: what could steer a terminal or hide in one. A test holds it to
 * core/src/base/unseen.ts, which this package does not import.
 */
const UNSEEN = /(?!\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{DI}\p{Cs}\u2028\u2029]/gu;

/** Writes what cannot be seen in a text in another way. */
export function replaceUnseen(text: string, write: (character: string) => string): string {
  return text.replace(UNSEEN, write);
}

/** Escapes a character as JSON does, `\uXXXX` for each of its units. */
export function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
