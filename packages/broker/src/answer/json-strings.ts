/** A string in a JSON text, with its quotation marks: from `start` up to `end`. */
export interface JsonString {
  readonly start: number;
  readonly end: number;
}

/** Finds the strings of a valid JSON text, names of fields included. It makes no values, so numbers stay as they are. */
export function* jsonStrings(text: string): Generator<JsonString> {
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOf(text, start);
    yield { start, end };
    start = text.indexOf('"', end);
  }
}

/** Returns the parts of a valid JSON text between its strings. */
export function outsideStrings(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of jsonStrings(text)) {
    parts.push(text.slice(from, start));
    from = end;
  }
  return [...parts, text.slice(from)];
}

function endOf(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let before = quote;
    while (text[before - 1] === '\\') before -= 1;
    if ((quote - before) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}
