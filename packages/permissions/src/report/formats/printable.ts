import { replaceUnseen } from '../../json/unseen.js';

/**
 * Shows every character of a text from a file, or of a file's name, that could steer a terminal as `�`; the text gets
 * no longer or shorter.
 */
export function printable(text: string): string {
  return replaceUnseen(text.replaceAll('\t', ' '), (character) => '\uFFFD'.repeat(character.length));
}
