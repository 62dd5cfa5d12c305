import { isCategory } from '../catalogue/categories.js';
import { misspelledCategory } from '../catalogue/similar-category.js';
import { type Candidate, REASONS } from './candidate.js';
import { decodeEscape } from './escapes.js';
import { LineEnds } from './line-ends.js';
import { type MappedText, MappedTextBuilder } from './mapped-text.js';
import { ObjectLiterals } from './object-literals.js';
import { extractShell } from './shell.js';

const BLOCK = /[:-][ \t]{1,100}[|>][-+\d]{0,2}[ \t]{0,100}(?:#[^\n]*)?\r?$/u;
const BEFORE_VALUE = /[ \t]*(?:-[ \t]+)*(?:[\w.$-]+[ \t]*:[ \t]+)?/y;
const HEADER = 400;
const API = /^[ \t]*(?:-[ \t]+)*(?:api|"api"|'api')[ \t]*:[ \t]*(?:#[^\n]*)?\r?$/u;
const KEY = /^[ \t]*["']?([\w*]{1,100})["']?[ \t]*:/u;

interface Line {
  readonly start: number;
  /** The position of its line break. */
  readonly end: number;
  readonly indent: number;
  readonly isBlank: boolean;
}

/**
 * Finds block scalars, quoted scalars and flow mappings in YAML, and shell commands in any of them. Block mappings are named,
 * but not checked: they are not JSON.
 */
export function extractYaml(source: MappedText, found: (candidate: Candidate) => void): void {
  const { text } = source;
  const objects = new ObjectLiterals(source);
  const lines = new LineEnds(text);
  let at = 0;
  while (at < text.length) {
    const line = lineAt(text, at, lines.from(at));
    at = line.end + 1;
    if (line.isBlank || text[line.start + line.indent] === '#') continue;
    if (BLOCK.test(text.slice(line.start, Math.min(line.end, line.start + HEADER)))) {
      at = blockScalar(source, line, lines, found);
      continue;
    }
    if (isMapping(text, line, lines)) {
      const span = { start: line.start + line.indent, end: line.end };
      found({
        text: source.slice(line.start, line.end),
        isMarked: true,
        unknown: { reason: REASONS.mapping, text: source, span },
      });
      continue;
    }
    BEFORE_VALUE.lastIndex = line.start;
    const value = line.start + (BEFORE_VALUE.exec(text)?.[0] ?? '').length;
    const mark = text[value];
    if (mark === '"' || mark === "'") at = quotedScalar(source, value, found);
    else {
      const object = mark === '{' ? objects.at(value) : undefined;
      if (object !== undefined) found(object.candidate);
      else extractShell(source.slice(line.start, line.end), found);
      at = Math.max(at, object?.end ?? 0);
    }
  }
}

/** Returns true for an `api:` whose first key below it is a category. */
function isMapping(text: string, { start, end, indent }: Line, lines: LineEnds): boolean {
  if (!API.test(text.slice(start, Math.min(end, start + HEADER)))) return false;
  let at = end + 1;
  while (at < text.length) {
    const line = lineAt(text, at, lines.from(at));
    at = line.end + 1;
    if (line.isBlank || text[line.start + line.indent] === '#') continue;
    const [, key = ''] = KEY.exec(text.slice(line.start, Math.min(line.end, line.start + HEADER))) ?? [];
    return line.indent > indent && (isCategory(key) || misspelledCategory(key) !== undefined);
  }
  return false;
}

function lineAt(text: string, start: number, end: number): Line {
  let at = start;
  while (at < end && text[at] === ' ') at += 1;
  return { start, end, indent: at - start, isBlank: at === end || (text[at] === '\r' && at + 1 === end) };
}

/** Reads the lines below a header that are indented more, and returns where they end. */
function blockScalar(
  source: MappedText,
  header: Line,
  lines: LineEnds,
  found: (candidate: Candidate) => void,
): number {
  const builder = new MappedTextBuilder(source);
  let indent: number | undefined;
  let at = header.end + 1;
  while (at < source.text.length) {
    const line = lineAt(source.text, at, lines.from(at));
    if (!line.isBlank) {
      if (line.indent < (indent ?? header.indent + 1)) break;
      indent ??= line.indent;
    }
    builder.copy(Math.min(line.start + (indent ?? line.indent), line.end), line.end + 1);
    at = line.end + 1;
  }
  const body = builder.build();
  if (/^\s*\{/u.test(body.text)) found({ text: body });
  else extractShell(body, found);
  return at;
}

function quotedScalar(source: MappedText, start: number, found: (candidate: Candidate) => void): number {
  const { text } = source;
  const mark = text[start];
  const builder = new MappedTextBuilder(source);
  let copied = start + 1;
  let at = copied;
  while (at < text.length) {
    if (mark === "'" && text.startsWith("''", at)) {
      builder.copy(copied, at + 1);
      copied = at += 2;
    } else if (text[at] === mark) break;
    else if (mark === '"' && text[at] === '\\') {
      const { text: decoded, end } = decodeEscape(text, at, false);
      builder.copy(copied, at);
      builder.replace(decoded, at, end);
      copied = at = end;
    } else at += 1;
  }
  builder.copy(copied, at);
  const unknown = { reason: REASONS.unclosed, text: source, span: { start, end: start + 1 } };
  found({ text: builder.build(), ...(at < text.length ? {} : { unknown }) });
  return at + 1;
}
