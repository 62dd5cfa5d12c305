import { replaceUnseen } from './unseen.js';

const LONGEST = 80;

/**
 * Puts a string from a file in double quotes, fit for a message: cut to 80 characters, with everything escaped
 * that could steer a terminal or hide (control characters, bidirectional marks, half surrogate pairs).
 */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const escaped = replaceUnseen(
    cut.replace(/[\\"]/gu, '\\$&'),
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
  return `"${escaped}"`;
}
