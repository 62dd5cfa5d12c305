import { REACH } from './place.js';

const MARK = 'vastai-scan:allow';
/** A comment that is alone on its line speaks of the next line. */
const COMMENT = /^\s{0,200}(?:#|\/\/|\/\*|<!--|--|;|%|')/u;

/**
 * Returns true if the line of a word says `vastai-scan:allow reason`, or the line before does and has nothing but that
 * comment. Without a reason it does not count. On a long line, it has to be within 4096 bytes.
 */
export function isAllowed(bytes: Buffer, start: number, end: number): boolean {
  const before = bytes.toString('latin1', Math.max(0, start - REACH), start);
  const after = bytes.toString('latin1', end, end + REACH);
  const own = before.lastIndexOf('\n') + 1;
  const lineEnd = after.indexOf('\n');
  if (says(before.slice(own)) || says(lineEnd === -1 ? after : after.slice(0, lineEnd))) return true;
  const previous = before.slice(before.lastIndexOf('\n', own - 2) + 1, Math.max(0, own - 1));
  return own > 0 && COMMENT.test(previous) && says(previous);
}

function says(text: string): boolean {
  const at = text.indexOf(MARK);
  return at !== -1 && /^[ \t:]{1,4}[^\s*>-]/u.test(text.slice(at + MARK.length, at + MARK.length + 8));
}
