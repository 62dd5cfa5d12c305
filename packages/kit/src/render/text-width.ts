import { eastAsianWidth } from 'get-east-asian-width';

/** The colours that `Ansis` puts around a text. */
const COLOUR = /\u001b\[[\d;]*m/gu;

/** How many columns of a terminal a text takes: wide characters two, combining ones and colours none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/u.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(COLOUR, '')) {
    if (!/\p{Mark}|\u200d/u.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return width;
}
