import { UNSEEN } from './unseen.js';

// These are made when they are needed: to make one with properties of Unicode in it takes long, and most runs need none.

/** Terminal sequences: CSI, then the ones that carry text (OSC, DCS, …), then the short ones. */
const sequence = () =>
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/;

/** What scripts and emoji need stays: the two joiners, and the two selectors that choose between text and picture. */
const takenOut = () => new RegExp(`(?!\\u200c|\\u200d|\\ufe0e|\\ufe0f)[${UNSEEN}]`, 'gu');

/** The joiners can tell two names apart that look the same; escaped, they are seen. A line break is no secret. */
const escaped = () => new RegExp(`(?!\\n|\\ufe0e|\\ufe0f)[${UNSEEN}]`, 'gu');

/** What cannot be seen beside its neighbours, or takes no part in a word of ASCII: the above, and marks. */
const hiddenHere = () => /[\p{C}\p{DI}\p{M}\u2800\ufffd]/uy;
const hiddenOrSpaceHere = () => /[\p{C}\p{DI}\p{M}\u2800\ufffd\s\p{Z}]/uy;

/** Most texts are words of visible ASCII with a space between; nothing has to be done about those. */
const HARMLESS = /^(?:[!-~]+(?: [!-~]+)*)?$/;
/** Nothing in it is hidden, whatever its length. */
const ASCII = /^[ -~\n]*$/;

/**
 * Makes a text that came from elsewhere safe to show on one line.
 *
 * Terminal sequences, control characters and the characters that change the direction of writing
 * are taken out, white space becomes single spaces, and what is longer than `limit` characters is cut.
 */
export function serverText(text: string, limit = 300): string {
  if (text.length <= limit && HARMLESS.test(text)) return text;
  const bounded = Number.isFinite(limit) ? text.slice(0, limit * 10) : text;
  const clean = withoutInvisible(bounded.replace(new RegExp(sequence(), 'g'), '').replace(/\s+/g, ' '))
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
  const characters = clean.length > limit ? [...clean] : [];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : clean;
}

/** Takes control, bidi, tag and other invisible characters out of a text. */
export function withoutInvisible(text: string): string {
  return ASCII.test(text) ? text : text.replace(takenOut(), '');
}

/** Escapes them as JSON does, `\uXXXX` for each unit, but for line breaks. */
export function escapeInvisible(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(escaped(), (character) =>
    // A character beyond U+FFFF is two units.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Returns the length of the hidden character at a place of a text; 0 for one that can be seen. */
export function hiddenAt(text: string, at: number, countSpaces: boolean): number {
  const code = text.charCodeAt(at);
  if (code > 0x20 && code < 0x7f) return 0;
  const hidden = countSpaces ? hiddenOrSpaceHere() : hiddenHere();
  hidden.lastIndex = at;
  return hidden.exec(text)?.[0].length ?? 0;
}

/** Returns the end of the terminal sequence at a place of a text; the place itself where none begins. */
export function sequenceEndAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code !== 0x1b && code !== 0x9b) return at;
  const here = new RegExp(sequence(), 'y');
  here.lastIndex = at;
  return here.test(text) ? here.lastIndex : at;
}
