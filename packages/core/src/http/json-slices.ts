/** A part of a text. `end` is exclusive. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** A field of an object. */
export interface Member extends Slice {
  readonly name: string;
  readonly value: Slice;
}

/** The outermost list or object of a JSON text. `inside` is where its first part may begin. */
export type Outermost =
  | { readonly kind: 'array'; readonly inside: number; readonly items: readonly Slice[] }
  | { readonly kind: 'object'; readonly inside: number; readonly members: readonly Member[] };

/**
 * Finds the parts of a list or an object, to put a text together of others without reading their numbers: JavaScript has no
 * integers of 64 bits.
 *
 * @param text valid JSON, from an offset on
 * @returns undefined for a value that has no parts
 */
export function outermostOf(text: string, offset = 0): Outermost | undefined {
  const start = afterSpace(text, offset);
  const inside = start + 1;
  if (text[start] === '[') return { kind: 'array', inside, items: partsOf(text, inside, valueAt) };
  if (text[start] === '{') return { kind: 'object', inside, members: partsOf(text, inside, memberAt) };
  return undefined;
}

function partsOf<Part extends Slice>(
  text: string,
  inside: number,
  read: (text: string, at: number) => Part,
): Part[] {
  const parts: Part[] = [];
  let at = afterSpace(text, inside);
  while (text[at] !== ']' && text[at] !== '}' && at < text.length) {
    const part = read(text, at);
    parts.push(part);
    at = afterSpace(text, part.end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return parts;
}

function memberAt(text: string, start: number): Member {
  const afterName = stringEnd(text, start);
  const value = valueAt(text, afterSpace(text, afterSpace(text, afterName) + 1));
  return { name: String(JSON.parse(text.slice(start, afterName))), start, end: value.end, value };
}

function valueAt(text: string, start: number): Slice {
  const first = text[start];
  if (first === '"') return { start, end: stringEnd(text, start) };
  if (first !== '[' && first !== '{') return { start, end: endOf(/[^\s,\]}]*/y, text, start) };
  const mark = /["[\]{}]/g;
  let depth = 0;
  for (let at = start; ; ) {
    mark.lastIndex = at;
    const found = mark.exec(text);
    if (found === null) return { start, end: text.length };
    at = found.index + 1;
    if (found[0] === '"') at = stringEnd(text, found.index);
    else depth += found[0] === '[' || found[0] === '{' ? 1 : -1;
    if (depth === 0) return { start, end: at };
  }
}

function afterSpace(text: string, at: number): number {
  return endOf(/\s*/y, text, at);
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let before = quote;
    while (text[before - 1] === '\\') before -= 1;
    if ((quote - before) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Returns where a match at an offset ends. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : text.length;
}
