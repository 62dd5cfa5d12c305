import { replaceUnseen } from './unseen.js';

const LONGEST = 80;

/**
 * Quotes a string from a file for use in a message. Cuts it to 80 characters and escapes control characters,
 * bidirectional marks, lone surrogates and other invisible characters.
 */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const escaped = replaceUnseen(
    cut.replace(/[\\"]/gu, '\\$&'),
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
  return `"${escaped}"`;
}
