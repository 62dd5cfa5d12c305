/** Terminal sequences: CSI, then the ones that carry text (OSC, DCS, …), then the short ones. */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** Control, bidi and other invisible characters; the two joiners stay, since scripts and emoji need them. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** Most texts are words of visible ASCII with a space between; nothing has to be done about those. */
const HARMLESS = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * Makes a text that came from elsewhere safe to show on one line.
 *
 * Terminal sequences, control characters and the characters that change the direction of writing
 * are taken out, white space becomes single spaces, and what is longer than `limit` characters is cut.
 */
export function serverText(text: string, limit = 300): string {
  if (text.length <= limit && HARMLESS.test(text)) return text;
  const bounded = Number.isFinite(limit) ? text.slice(0, limit * 10) : text;
  const clean = bounded
    .replace(SEQUENCES, '')
    .replace(/\s+/g, ' ')
    .replace(INVISIBLE, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
  const characters = clean.length > limit ? [...clean] : [];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : clean;
}
