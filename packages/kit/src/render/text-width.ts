import { eastAsianWidth } from 'get-east-asian-width';

/** Matches the colour sequences that styles add. */
const COLOUR = /\u001b\[[\d;]*m/gu;

/** Returns the width of a string in terminal columns: two for wide characters, none for combining ones and colours. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/u.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(COLOUR, '')) {
    if (!/\p{Mark}|\u200d/u.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return width;
}
