import { isUtf8 } from 'node:buffer';

/** Answers nested deeper than this are refused, since what walks through them would run out of stack. */
const DEEPEST = 200;

type AnswerBody = { readonly json: unknown } | { readonly text: string; readonly fault: string };

/** Reads a body as UTF-8 and JSON; where it is not that, gives its text and what is wrong. */
export function readBody(bytes: Uint8Array): AnswerBody {
  const text = new TextDecoder().decode(bytes);
  if (!isUtf8(bytes)) return { text, fault: 'is not UTF-8' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { text, fault: text.trim() === '' ? 'is empty' : 'is not JSON' };
  }
  return isTooDeep(json) ? { text, fault: 'is nested too deeply' } : { json };
}

/** Goes down level by level instead of calling itself. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
