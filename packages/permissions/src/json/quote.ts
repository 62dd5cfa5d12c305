import { escapeUnits, replaceUnseen } from './unseen.js';

const LONGEST = 80;

/**
 * Quotes a string from a file for use in a message. Cuts it to 80 characters and escapes control characters,
 * bidirectional marks, lone surrogates and other invisible characters as JSON does.
 */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `"${replaceUnseen(cut.replace(/[\\"]/gu, '\\$&'), escapeUnits)}"`;
}
