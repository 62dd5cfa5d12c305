import { createScanner } from 'jsonc-parser';
import { count } from '../json/count.js';
import { applyEdits, type Edit } from '../json/edits.js';
import { Token } from '../json/token.js';
import type { Fix, FixedText } from './fixed-text.js';

/** Removes comments and trailing commas, whatever else is wrong with the JSON. */
export function cleanJson(text: string): FixedText {
  const scanner = createScanner(text, false);
  const comments: Edit[] = [];
  const commas: Edit[] = [];
  let before: number | undefined;
  let comma: Edit | undefined;
  for (let token: number = scanner.scan(); token !== Token.end; token = scanner.scan()) {
    if (token === Token.whiteSpace || token === Token.lineBreak) continue;
    const start = scanner.getTokenOffset();
    const end = start + scanner.getTokenLength();
    if (token === Token.lineComment || token === Token.blockComment) {
      if (scanner.getTokenError() === 0) comments.push(commentEdit(text, start, end));
      continue;
    }
    if (comma !== undefined && (token === Token.closeBrace || token === Token.closeBracket))
      commas.push(comma);
    comma = token === Token.comma && hasMember(before) ? { start, end, text: '' } : undefined;
    before = token;
  }
  const fixes: Fix[] = [];
  if (comments.length > 0)
    fixes.push({ code: 'VP003', message: `Removed ${count(comments.length, 'comment')}.` });
  if (commas.length > 0)
    fixes.push({ code: 'VP004', message: `Removed ${count(commas.length, 'trailing comma')}.` });
  return { text: applyEdits(text, [...comments, ...commas]), fixes };
}

function hasMember(before: number | undefined): boolean {
  return (
    before !== undefined &&
    before !== Token.comma &&
    before !== Token.openBrace &&
    before !== Token.openBracket
  );
}

/** Returns the edit that removes a comment: its whole line if nothing else is on it, or all but a space between tokens. */
function commentEdit(text: string, start: number, end: number): Edit {
  let from = start;
  while (from > 0 && isBlank(text[from - 1])) from -= 1;
  let to = end;
  while (isBlank(text[to])) to += 1;
  const opensLine = from === 0 || isLineEnd(text[from - 1]);
  const closesLine = to === text.length || isLineEnd(text[to]);
  if (!closesLine) return { start, end, text: ' ' };
  if (!opensLine || to === text.length) return { start: from, end: to, text: '' };
  return { start: from, end: to + (text.startsWith('\r\n', to) ? 2 : 1), text: '' };
}

function isBlank(unit: string | undefined): boolean {
  return unit === ' ' || unit === '\t';
}

function isLineEnd(unit: string | undefined): boolean {
  return unit === '\n' || unit === '\r';
}
