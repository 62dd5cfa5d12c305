import { Cursor } from '../cursor.js';
import { isClient, speaksOfVast } from '../names.js';
import type { Reason } from '../reasons.js';
import { pairReason } from './pairs.js';

/** Limits how far, and across how many brackets, to look for the enclosure of a value. */
const MOST = 1024;
const LEVELS = 3;
/** 1 for a bracket that opens, and -1 for one that closes. */
const BRACKETS = Int8Array.from({ length: 256 }, (_, code) => bracketOf(String.fromCharCode(code)));
const NAME = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$';

/**
 * Finds the call or the object, written on one line or several, that a value is in: `VastAI(retry=3, api_key=X)`,
 * `vast: { apiKey: X }`, `{ type: vastai, creds: { api_key: X } }`.
 *
 * @param text what is before the name of the value
 */
export function inEnclosure(text: string): Reason | undefined {
  const cursor = new Cursor(text);
  for (let level = 0; level < LEVELS; level++) {
    const siblings = toOpening(cursor, text.length - MOST);
    if (siblings === undefined) return undefined;
    const reason = pairReason(siblings);
    if (reason !== undefined) return reason;
    const opening = cursor.last;
    if (opening === '(' && /\bvast_server\b/u.test(siblings)) return 'call';
    cursor.at--;
    const name = nameBefore(cursor);
    if (opening === '(' ? isClient(name) : speaksOfVast(name)) return opening === '(' ? 'call' : 'block';
  }
  return undefined;
}

/** Returns what the innermost list or object around a place is named, or undefined if there is none. */
export function enclosingName(text: string): string | undefined {
  const cursor = new Cursor(text);
  if (toOpening(cursor, text.length - MOST) === undefined) return undefined;
  cursor.at--;
  return nameBefore(cursor);
}

/** Moves back to the bracket that is still open, and returns what is at its level. */
function toOpening(cursor: Cursor, least: number): string | undefined {
  const text = cursor.text;
  let depth = 0;
  let siblings = '';
  let end = cursor.at;
  for (let at = end; at > Math.max(0, least); at--) {
    const bracket = BRACKETS[text.charCodeAt(at - 1)] ?? 0;
    if (bracket === 0) continue;
    if (depth === 0) siblings = text.slice(at, end) + siblings;
    depth -= bracket;
    if (depth === 0) end = at - 1;
    if (depth >= 0) continue;
    cursor.at = at;
    return siblings;
  }
  return undefined;
}

/** Returns the name before a bracket: of the function, or of the field. */
function nameBefore(cursor: Cursor): string {
  const before = cursor.copy();
  before.take(' \t\r\n');
  if (before.eat('=>', ':=', '=', ':') !== undefined) {
    before.take(' \t\r\n');
    before.eat('\\"', '"', "'", '`');
  }
  const name = before.take(NAME);
  // `new VastAI(` and `await vast.client(` have the whole name here; `vast = new Client({` has it one step before.
  if (before.eat(' new ', ' await ') === undefined || speaksOfVast(name)) return name;
  before.take(' \t=:');
  return before.take(NAME);
}

function bracketOf(character: string): number {
  if ('([{'.includes(character)) return 1;
  return ')]}'.includes(character) ? -1 : 0;
}
