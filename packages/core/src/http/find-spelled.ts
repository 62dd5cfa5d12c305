import { hiddenAt, sequenceEndAt } from '../base/terminal-safe.js';

/** Something to look for, and how a text is written before it is compared; every character keeps its place. */
export interface Form {
  readonly text: string;
  readonly fold: (text: string) => string;
}

/** A part of a text, its end excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is matched so far: so many characters of a form, and where they began. */
interface Match {
  readonly form: number;
  readonly length: number;
  readonly start: number;
}

const ESCAPES: readonly (readonly [RegExp, radix: number])[] = [
  [/\\u([0-9a-f]{4})/iy, 16],
  [/\\x([0-9a-f]{2})/iy, 16],
  [/%([0-9a-f]{2})/iy, 16],
  [/&#x([0-9a-f]{1,6});/iy, 16],
  [/&#(\d{1,7});/y, 10],
];
const BACKSLASH = '\\';

/**
 * Finds forms in a text, in order of their ends, however their characters are escaped and whatever that cannot
 * be seen stands between them.
 *
 * It follows every reading of the text at once: an escape may be meant as it stands, and a terminal may take a
 * character for the end of a sequence or show it. A search that tries one after the other, as a regular
 * expression does, could be kept busy for ever by a text made for that; this one takes one pass.
 *
 * @param acrossSpaces whether white space may stand between the characters too.
 */
export function findSpelled(text: string, forms: readonly Form[], acrossSpaces: boolean): Range[] {
  const folded = forms.map(({ fold }) => fold(text));
  const found: Range[] = [];
  const reached = new Map<number, Map<number, Match>>();

  const reach = (at: number, match: Match) => {
    const form = forms[match.form] as Form;
    if (match.length === form.text.length) {
      found.push({ start: match.start, end: at });
      return;
    }
    const matches = reached.get(at) ?? new Map<number, Match>();
    const state = match.length * forms.length + match.form;
    // Of two ways to come here the one that covers more counts.
    if ((matches.get(state)?.start ?? Number.POSITIVE_INFINITY) > match.start) matches.set(state, match);
    reached.set(at, matches);
  };

  const beginning = beginningOf(forms);
  for (let at = 0; at < text.length; at += 1) {
    if (reached.size === 0) {
      beginning.lastIndex = at;
      at = beginning.exec(text)?.index ?? text.length;
    }
    const matches = [...(reached.get(at)?.values() ?? [])];
    reached.delete(at);
    /** Takes the text up to `end` for one character, which is `shown` by the form's own way of writing. */
    const show = (end: number, shown: (form: number) => string | undefined) => {
      for (const { form, length, start } of matches)
        if (shown(form) === forms[form]?.text[length]) reach(end, { form, length: length + 1, start });
      for (let form = 0; form < forms.length; form += 1)
        if (shown(form) === forms[form]?.text[0]) reach(end, { form, length: 1, start: at });
    };
    const skip = (end: number) => {
      for (const match of matches) reach(end, match);
    };

    show(at + 1, (form) => folded[form]?.[at]);
    const escaped = escapeAt(text, at);
    if (escaped !== undefined) {
      const { end, character } = escaped;
      if (hiddenAt(character, 0, acrossSpaces) > 0) skip(end);
      else show(end, (form) => forms[form]?.fold(character));
    }
    if (matches.length === 0) continue;
    const hidden = hiddenAt(text, at, acrossSpaces);
    if (hidden > 0) skip(at + hidden);
    const end = sequenceEndAt(text, at);
    if (end > at) skip(end);
  }
  return found;
}

/** Matches what a form can begin with: its first character, in any way to write it. */
function beginningOf(forms: readonly Form[]): RegExp {
  const printable = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index));
  const first = printable.filter((one) => forms.some(({ text, fold }) => fold(one) === text[0]));
  return new RegExp(`[\\\\%&${first.join('').replace(/[\]\\^-]/g, '\\$&')}]`, 'g');
}

/** Reads the escape at a place of a text: what it means, and where it ends. */
function escapeAt(text: string, at: number): { end: number; character: string } | undefined {
  const first = text[at];
  if (first !== BACKSLASH && first !== '%' && first !== '&') return undefined;
  for (const [pattern, radix] of ESCAPES) {
    pattern.lastIndex = at;
    const code = pattern.exec(text)?.[1];
    if (code === undefined) continue;
    const point = Number.parseInt(code, radix);
    if (point > 0x10ffff) return undefined;
    // A byte that is not ASCII is a part of some other character, and no key has one.
    const isPart = first === '%' && point > 0x7f;
    return { end: pattern.lastIndex, character: isPart ? '\0' : String.fromCodePoint(point) };
  }
  const next = text[at + 1];
  return first === BACKSLASH && next !== undefined ? { end: at + 2, character: next } : undefined;
}
