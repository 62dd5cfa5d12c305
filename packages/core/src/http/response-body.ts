import { isUtf8 } from 'node:buffer';
import { isObject } from '../base/json-object.js';

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

/** Goes no deeper than the limit itself, and makes no lists on the way: an answer can have 100,000 values. */
function isTooDeep(value: unknown, levels = DEEPEST): boolean {
  if (levels < 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, levels - 1));
  if (!isObject(value)) return false;
  for (const name in value) if (isTooDeep(value[name], levels - 1)) return true;
  return false;
}
