import { Cursor } from './cursor.js';

/** Describes how a value is connected with the name before it. */
export type Link = 'assignment' | 'default' | 'argument' | 'space' | 'tag' | 'call' | 'element';

/** Describes what leads to a word: the name before it, and how the two are connected. */
export interface Lead {
  link: Link;
  name: string;
  /** True for `name:value` without quotes or blanks, which is how images and addresses are written. */
  isCompact: boolean;
  /** Holds the text before the name. */
  rest: Cursor;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NAME = `${LETTERS}0123456789_-.$@/`;
const SPACE = ' \t';
/** Quotes, also as they are escaped. Those of a word processor are in UTF-8, one character for each byte. */
const QUOTES = [
  '\\\\\\"',
  '\\"',
  "\\'",
  '"',
  "'",
  '`',
  '&quot;',
  '&#34;',
  '&#39;',
  '&apos;',
  '%22',
  '\\u0022',
  '\\u0027',
  '\\x22',
  '**',
  '\xe2\x80\x9c',
  '\xe2\x80\x98',
];
/** Most of what can be between a name and its value, so that each loop ends early. */
const MOST = 8;

/**
 * Reads what leads to a word, backwards, from the text before it.
 *
 * @returns undefined if nothing connects the word with a name
 */
export function readLead(before: string): Lead | undefined {
  const cursor = new Cursor(before);
  const quotes = skipOpening(cursor);
  const space = skipSpace(cursor);
  skipTag(cursor);
  skipClosure(cursor);
  const isColon = cursor.last === ':';
  const link = readLink(cursor, space === 'blanks');
  if (link === undefined) return undefined;
  const closing = skipClosing(cursor);
  const taken = cursor.take(NAME);
  // In an address within an address, `?` is `%3F`, whose digits are not of the name.
  const name = cursor.last === '%' ? taken.slice(2) : taken;
  return { link, name, isCompact: isColon && quotes + closing === 0 && space !== 'blanks', rest: cursor };
}

/** Reads the name before a method, as in `get("VAST_API_KEY").unwrap_or(X)`. */
export function readNameBefore(cursor: Cursor): string {
  skipClosing(cursor);
  return cursor.take(NAME);
}

/** Skips quotes, the prefixes of strings, and functions that only wrap a value: `SecretStr("`, `String::from("`. */
function skipOpening(cursor: Cursor): number {
  let quotes = 0;
  for (let count = 0; count < MOST; count++) {
    if (cursor.eat(...QUOTES) === undefined) break;
    quotes++;
  }
  if (quotes > 0) {
    const prefix = cursor.copy();
    if (prefix.eat('b', 'r', 'f', 'u', 'L', '@') !== undefined && !NAME.includes(prefix.last || ' '))
      cursor.at = prefix.at;
  }
  return quotes;
}

/**
 * Skips white space and up to one line break, with the sign before it for a string on several lines.
 *
 * @returns `blanks` for white space within a command or a line, `line` for the next line
 */
function skipSpace(cursor: Cursor): 'none' | 'blanks' | 'line' {
  const blanks = cursor.take(SPACE);
  const line = cursor.copy();
  if (line.eat('\r\n', '\n', '\\r\\n', '\\n') === undefined) return blanks === '' ? 'none' : 'blanks';
  line.take(SPACE);
  const isContinued = line.eat('\\', '^') !== undefined;
  if (isContinued || line.eat(' >-', ' >', ' |-', ' |') !== undefined) line.take(SPACE);
  cursor.at = line.at;
  return isContinued ? 'blanks' : 'line';
}

/** Skips the anchor or the tag of a value in YAML: `name: &key X`, `name: !!str X`. */
function skipTag(cursor: Cursor): void {
  const tag = cursor.copy();
  if (tag.take(NAME) === '' || tag.eat('!!', '!', '&') === undefined) return;
  if (tag.take(SPACE) !== '' && tag.last === ':') cursor.at = tag.at;
}

/** Skips the head of a function that only returns a value: `unwrap_or_else(|_| X)`, `orElseGet(() -> X)`. */
function skipClosure(cursor: Cursor): void {
  const head = cursor.copy();
  head.take(SPACE);
  if (head.eat('|_|', '||', '() =>', '() ->', '()=>', '_ =>') !== undefined && head.last === '(')
    cursor.at = head.at;
}

function readLink(cursor: Cursor, hasSpace: boolean): Link | undefined {
  if (cursor.eat('=>', '->', '<-') !== undefined) return skipped(cursor, 'assignment');
  if (cursor.eat(':-', ':=', '||=', '??=', '?=') !== undefined) return skipped(cursor, 'assignment');
  if (cursor.eat('||', '??', '?:') !== undefined) return skipped(cursor, 'default');
  if (cursor.eat('===', '==', '!=', '=3D', '=', ':', '%3D', '%3d', '\\u003d', '\\x3d') !== undefined)
    return skipped(cursor, 'assignment');
  if (cursor.eat(',') !== undefined) return skipped(cursor, 'argument');
  if (cursor.eat('(') !== undefined) return 'call';
  if (cursor.eat('[', '{') !== undefined) return 'element';
  if (cursor.eat('|') !== undefined) return skipped(cursor, 'space');
  const word = cursor.copy();
  if (hasSpace && word.eat(' or', ' else') !== undefined) {
    cursor.at = word.at;
    return skipped(cursor, 'default');
  }
  if (
    hasSpace &&
    word.eat(' -', ' \xe2\x80\x93', ' \xe2\x80\x94') !== undefined &&
    LETTERS.includes(word.last || ' ')
  ) {
    cursor.at = word.at;
    return 'space';
  }
  const variable = cursor.copy();
  if (variable.eat('-') !== undefined && isExpansion(variable)) {
    cursor.at = variable.at;
    return 'assignment';
  }
  if (cursor.last === '>') return 'tag';
  return hasSpace ? 'space' : undefined;
}

function skipped(cursor: Cursor, link: Link): Link {
  cursor.take(`${SPACE}|`);
  return link;
}

/** Returns true if the cursor is behind a variable of a shell that has a default, as in `${NAME-`. */
function isExpansion(cursor: Cursor): boolean {
  const name = cursor.copy();
  name.take(`${LETTERS}0123456789_`);
  return name.eat('${') !== undefined;
}

/** Skips what is behind a name: quotes, brackets, and the white space between them. */
function skipClosing(cursor: Cursor): number {
  let closing = 0;
  for (let count = 0; count < MOST; count++) {
    if (cursor.eat(...QUOTES, ']', ')', '}', '[', '?', '!', '>', '*') === undefined) break;
    closing++;
  }
  return closing;
}
