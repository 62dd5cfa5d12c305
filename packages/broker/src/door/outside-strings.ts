import { endOfString } from '../json-string.js';

/** Returns the parts of a valid JSON text between its strings. */
export function outsideStrings(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', from)) {
    parts.push(text.slice(from, start));
    from = endOfString(text, start) ?? text.length;
  }
  return [...parts, text.slice(from)];
}
