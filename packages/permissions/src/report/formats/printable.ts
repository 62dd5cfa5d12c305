import { replaceUnseen } from '../../json/unseen.js';

/**
 * Replaces control and invisible characters in text from a file, or in a file name, with `�`. The length stays the
 * same.
 */
export function printable(text: string): string {
  return replaceUnseen(text.replaceAll('\t', ' '), (character) => '\uFFFD'.repeat(character.length));
}
