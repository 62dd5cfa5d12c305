/**
 * A text from a file, or a file's name, with every character that could steer a terminal shown as `�`; no longer
 * or shorter than before.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (found) => '\uFFFD'.repeat(found.length));
}
