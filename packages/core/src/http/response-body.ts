import { isUtf8 } from 'node:buffer';
import { isObject } from '../base/json-object.js';

/** Deepest nesting of a response. A deeper one is rejected, since recursive functions could overflow the stack. */
const DEEPEST = 200;

type ResponseBody = { readonly json: unknown } | { readonly text: string; readonly fault: string };

/** Parses a body as JSON in UTF-8. If it is not, returns its text and the fault. */
export function readBody(bytes: Uint8Array): ResponseBody {
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

/** Returns true if a value is nested too deeply. It builds no lists, since a response can have 100,000 values. */
function isTooDeep(value: unknown, levels = DEEPEST): boolean {
  if (levels < 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, levels - 1));
  if (!isObject(value)) return false;
  for (const name in value) if (isTooDeep(value[name], levels - 1)) return true;
  return false;
}
