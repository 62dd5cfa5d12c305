import { areHex, isAlphanumeric, isHex, NEW_LINE, tableOf } from './bytes.js';

/** A word of letters and digits that is long enough to be a key, or the parts of a key that was broken up. */
export interface Word {
  /** Offset of its first byte. */
  start: number;
  /** Offset behind its last byte. */
  end: number;
  text: string;
}

/** Length of Vast.ai's keys. */
export const KEY_LENGTH = 64;
/** Length of the longest word that is looked at. */
const MAX_WORD = 256;
/** A key in up to three parts has one of at least this length, so looking at every 22nd byte finds each. */
const STRIDE = 22;
/** Length of the shortest word that can be a whole key: longer than the hash of a commit, as in the other parts of vastai. */
const LEAST_LENGTH = 40;
/** Limits the distance between the parts of one key: an indented line, quotes, an operator. */
const MAX_GAP = 80;

const QUOTES = tableOf('"\'`');
const IN_GAP = tableOf(' \t\r\n"\'`+.\\=&#>*|/');

/**
 * Finds the words that begin in a range of bytes. It looks at every 22nd byte only, and at each byte of a long word a
 * bounded number of times, so that it takes linear time whatever the bytes are.
 *
 * @param from where the first word may begin
 * @param to where no word may begin any more; the words themselves may end behind it
 */
export function* findWords(bytes: Buffer, from: number, to: number): Generator<Word> {
  let handled = from;
  for (let probe = from + STRIDE - 1; probe < bytes.length; probe += STRIDE) {
    if (!isAlphanumeric(bytes[probe])) continue;
    const start = startOfRun(bytes, probe);
    const end = endOfRun(bytes, probe);
    if (start >= to) return;
    // The next probe has to be a whole stride behind this word, where the next one can begin.
    probe = Math.max(probe, end);
    if (start < handled || end - start < STRIDE || end - start > MAX_WORD) continue;
    const word = wordAt(bytes, start, end, handled);
    if (word === undefined) continue;
    handled = word.end;
    probe = Math.max(probe, word.end);
    yield word;
  }
}

function wordAt(bytes: Buffer, start: number, end: number, floor: number): Word | undefined {
  const first = start + escapeLength(bytes, start, end - start);
  const length = end - first;
  if (length < KEY_LENGTH && areHex(bytes, first, end)) {
    const joined =
      join(bytes, first, end, floor) ??
      (isCoded(bytes, start) ? join(bytes, start + 2, end, floor) : undefined);
    if (joined !== undefined) return joined;
  }
  return length < LEAST_LENGTH
    ? undefined
    : { start: first, end, text: bytes.toString('latin1', first, end) };
}

/** Returns how many characters of a word belong to an escape sequence before the key, such as `n` of `\n` and `3D` of `%3D`. */
function escapeLength(bytes: Buffer, start: number, length: number): number {
  const before = String.fromCharCode(bytes[start - 1] ?? 0);
  const character = String.fromCharCode(bytes[start] ?? 0);
  if (before === '\\') {
    if ('nrt'.includes(character)) return 1;
    if (character === 'x') return 3;
    if (character === 'u') return 5;
  }
  return length === KEY_LENGTH + 2 && isCoded(bytes, start) ? 2 : 0;
}

/** Returns true if the first two digits of a word can be an equals sign or a quote: `=3D`, `%3D`, `%22`. */
function isCoded(bytes: Buffer, start: number): boolean {
  const before = String.fromCharCode(bytes[start - 1] ?? 0);
  return before === '%' || (before === '=' && bytes.toString('latin1', start, start + 2) === '3D');
}

/** Joins the parts of a key that a line break or an operator has broken up; all of them have to be hexadecimal. */
function join(bytes: Buffer, start: number, end: number, floor: number): Word | undefined {
  const before = neighbours(bytes, start, -1, floor);
  const after = neighbours(bytes, end, 1, floor);
  for (const earlier of before) {
    for (const later of after) {
      if (earlier.length + (end - start) + later.length !== KEY_LENGTH) continue;
      const text = earlier.text + bytes.toString('latin1', start, end) + later.text;
      return { start: earlier.edge ?? start, end: later.edge ?? end, text };
    }
  }
  return undefined;
}

interface Neighbours {
  length: number;
  text: string;
  edge?: number;
}

/** Returns what up to two parts in one direction amount to, beginning with none. */
function neighbours(bytes: Buffer, edge: number, step: 1 | -1, floor: number): Neighbours[] {
  const all: Neighbours[] = [{ length: 0, text: '' }];
  let at = edge;
  let text = '';
  while (all.length < 3) {
    const near = crossGap(bytes, at, step);
    if (near === undefined) break;
    const far = crossPart(bytes, near, step);
    const [from, to] = step === 1 ? [near, far] : [far, near];
    if (from < floor || to - from >= KEY_LENGTH || !areHex(bytes, from, to)) break;
    const part = bytes.toString('latin1', from, to);
    text = step === 1 ? text + part : part + text;
    at = far;
    all.push({ length: text.length, text, edge: far });
  }
  return all;
}

/** Crosses a line break with what is around it, or the end of one string and the beginning of the next. */
function crossGap(bytes: Buffer, edge: number, step: 1 | -1): number | undefined {
  let at = edge;
  let quotes = 0;
  let isBroken = false;
  for (; Math.abs(at - edge) <= MAX_GAP; at += step) {
    const byte = bytes[step === 1 ? at : at - 1];
    if (byte === undefined || IN_GAP[byte] !== 1) break;
    if (QUOTES[byte] === 1) quotes++;
    // An empty line ends a paragraph, and with it what belongs together.
    if (byte === NEW_LINE && isBroken) return undefined;
    if (byte === NEW_LINE) isBroken = true;
  }
  const isGap = isBroken ? quotes !== 1 : quotes === 2;
  return isGap && isHex(bytes[step === 1 ? at : at - 1]) ? at : undefined;
}

function crossPart(bytes: Buffer, near: number, step: 1 | -1): number {
  return step === 1 ? endOfRun(bytes, near) : startOfRun(bytes, near - 1);
}

function startOfRun(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && at - start <= MAX_WORD && isAlphanumeric(bytes[start - 1])) start--;
  return start;
}

function endOfRun(bytes: Buffer, at: number): number {
  let end = at;
  while (isAlphanumeric(bytes[end])) end++;
  return end;
}
