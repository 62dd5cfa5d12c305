/** Returns the parts of a valid JSON text between its strings. */
export function outsideStrings(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', from)) {
    parts.push(text.slice(from, start));
    from = endOf(text, start);
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
