import { UNSEEN } from './unseen.js';

// These are functions because an expression with Unicode properties takes long to compile, and most runs need none.

/** Matches terminal sequences: CSI, then those that carry a string (OSC, DCS, …), then the short ones. */
const sequence = () =>
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/;

/** Matches what to remove. Writing systems and emoji need the two joiners and the two variation selectors, which stay. */
const takenOut = () => new RegExp(`(?!\\u200c|\\u200d|\\ufe0e|\\ufe0f)[${UNSEEN}]`, 'gu');

/** Matches what to escape: the joiners too, since two names that look the same can differ in them, but not line breaks. */
const escaped = () => new RegExp(`(?!\\n|\\ufe0e|\\ufe0f)[${UNSEEN}]`, 'gu');

/** Matches one character that is invisible next to others, or is never part of an ASCII word, such as a combining mark. */
const hiddenHere = () => /[\p{C}\p{DI}\p{M}\u2800\ufffd]/uy;
const hiddenOrSpaceHere = () => /[\p{C}\p{DI}\p{M}\u2800\ufffd\s\p{Z}]/uy;

/** Matches words of visible ASCII with single spaces between them: most strings, which need no cleaning. */
const HARMLESS = /^(?:[!-~]+(?: [!-~]+)*)?$/;
/** Matches a string without invisible characters. */
const ASCII = /^[ -~\n]*$/;

/**
 * Makes a string from a server or another program safe to print on one line: removes terminal sequences, control
 * characters and characters that change the direction of writing, collapses white space, and cuts it to `limit` characters.
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

/** Removes control, bidi, tag and other invisible characters. */
export function withoutInvisible(text: string): string {
  return ASCII.test(text) ? text : text.replace(takenOut(), '');
}

/** Escapes invisible characters except line breaks as JSON does, with `\uXXXX` for each UTF-16 unit. */
export function escapeInvisible(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(escaped(), (character) =>
    // A character above U+FFFF has two units.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Returns the length of the hidden character at an offset, or 0 if the character there is visible. */
export function hiddenAt(text: string, at: number, countSpaces: boolean): number {
  const code = text.charCodeAt(at);
  if (code > 0x20 && code < 0x7f) return 0;
  const hidden = countSpaces ? hiddenOrSpaceHere() : hiddenHere();
  hidden.lastIndex = at;
  return hidden.exec(text)?.[0].length ?? 0;
}

/** Returns the end of the terminal sequence at an offset, or the offset itself if no sequence begins there. */
export function sequenceEndAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code !== 0x1b && code !== 0x9b) return at;
  const here = new RegExp(sequence(), 'y');
  here.lastIndex = at;
  return here.test(text) ? here.lastIndex : at;
}
