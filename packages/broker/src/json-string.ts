/**
 * Returns the end of the string that begins at an offset of a JSON text, or undefined if it is not there yet.
 *
 * @param searched an offset up to which it is known to have no end
 */
export function endOfString(text: string, start: number, searched = 0): number | undefined {
  for (let at = Math.max(start + 1, searched); ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return undefined;
    let before = quote;
    while (text[before - 1] === '\\') before -= 1;
    if ((quote - before) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Returns true if a string in quotation marks is one of JSON. Only control characters and escapes can be wrong with it. */
export function isString(raw: string): boolean {
  if (!/[^ -\u{10ffff}]|\\/u.test(raw)) return true;
  try {
    JSON.parse(raw);
    return true;
  } catch {
    return false;
  }
}
