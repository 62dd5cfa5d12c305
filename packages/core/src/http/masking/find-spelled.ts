import { hiddenAt, sequenceEndAt } from '../../base/terminal-safe.js';

/** A string to look for. `fold` normalizes a string before the comparison, without moving any character. */
export interface Form {
  readonly text: string;
  readonly fold: (text: string) => string;
}

/** A part of a string. `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A partial match: the index of the form, the number of its characters that matched, and the offset where it began. */
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
 * Returns a function that finds forms in a string, ordered by their ends, even if their characters are escaped or have
 * invisible characters between them.
 *
 * It follows every reading of the string at once: an escape may be literal, and a terminal may take a character for the end
 * of a sequence or show it. Trying one reading after another, as a regular expression does, could take exponential time on a
 * malicious string; this search takes one pass.
 *
 * @param acrossSpaces true to also allow white space between the characters
 */
export function searchFor(forms: readonly Form[], acrossSpaces: boolean): (text: string) => Range[] {
  const beginning = beginningOf(forms);
  return (text) => findSpelled(text, forms, beginning, acrossSpaces);
}

/** Returns a string as each form folds it. Forms with the same function share the result. */
export function foldedBy(forms: readonly Form[], text: string): string[] {
  const folded = new Map<Form['fold'], string>();
  for (const { fold } of forms) if (!folded.has(fold)) folded.set(fold, fold(text));
  return forms.map(({ fold }) => folded.get(fold) ?? '');
}

function findSpelled(
  text: string,
  forms: readonly Form[],
  beginning: RegExp,
  acrossSpaces: boolean,
): Range[] {
  const folded = foldedBy(forms, text);
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
    // Of two matches in the same state, the longer one counts.
    if ((matches.get(state)?.start ?? Number.POSITIVE_INFINITY) > match.start) matches.set(state, match);
    reached.set(at, matches);
  };

  for (let at = 0; at < text.length; at += 1) {
    if (reached.size === 0) {
      beginning.lastIndex = at;
      at = beginning.exec(text)?.index ?? text.length;
    }
    const matches = [...(reached.get(at)?.values() ?? [])];
    reached.delete(at);
    /** Reads the string up to `end` as one character: the one that `shown` returns for each form. */
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

/** Returns an expression for the first character of a form, in every spelling. */
function beginningOf(forms: readonly Form[]): RegExp {
  const printable = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index));
  const first = printable.filter((one) => forms.some(({ text, fold }) => fold(one) === text[0]));
  return new RegExp(`[\\\\%&${first.join('').replace(/[\]\\^-]/g, '\\$&')}]`, 'g');
}

/** Returns the escape at an offset: its character, and where it ends. */
function escapeAt(text: string, at: number): { end: number; character: string } | undefined {
  const first = text[at];
  if (first !== BACKSLASH && first !== '%' && first !== '&') return undefined;
  for (const [pattern, radix] of ESCAPES) {
    pattern.lastIndex = at;
    const code = pattern.exec(text)?.[1];
    if (code === undefined) continue;
    const point = Number.parseInt(code, radix);
    if (point > 0x10ffff) return undefined;
    // A byte above 0x7f is part of a multi-byte character, which no key contains.
    const isPart = first === '%' && point > 0x7f;
    return { end: pattern.lastIndex, character: isPart ? '\0' : String.fromCodePoint(point) };
  }
  const next = text[at + 1];
  return first === BACKSLASH && next !== undefined ? { end: at + 2, character: next } : undefined;
}
