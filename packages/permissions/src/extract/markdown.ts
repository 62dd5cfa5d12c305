import type { Candidate, Extractor } from './candidate.js';
import { type MappedText, MappedTextBuilder } from './mapped-text.js';
import { extractShell } from './shell.js';

/** The start of a fenced code block, also in quotes and lists. */
const OPENING = /^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})([^\n]*)$/u;
const LONGEST_OPENING = 500;

interface Fence {
  readonly builder: MappedTextBuilder;
  readonly prefix: number;
  readonly marks: string;
  readonly info: string;
}

/** The start of a line of an indented code block, also in quotes. */
const INDENTED = /^((?: {0,3}>)*)(?: {4}| {0,3}\t)/u;

/**
 * Returns an extractor for the code blocks of Markdown: fenced ones, and indented ones, which name no language.
 *
 * @param extractorFor returns the extractor for the language of a block
 */
export function markdownExtractor(extractorFor: (tag: string) => Extractor | undefined): Extractor {
  return (source, found) => {
    let fence: Fence | undefined;
    let indented: MappedTextBuilder | undefined;
    let isAfterBlank = true;
    const { text } = source;
    for (let start = 0; start < text.length; ) {
      const lineBreak = text.indexOf('\n', start);
      const next = lineBreak === -1 ? text.length : lineBreak + 1;
      const head = text.slice(start, Math.min(next, start + LONGEST_OPENING)).trimEnd();
      const isFenced = fence !== undefined || (indented === undefined && OPENING.test(head));
      const indent = isFenced ? undefined : INDENTED.exec(head)?.[0];
      const isBlank = /^[ \t>]*$/u.test(head);
      // A line inside a paragraph is part of it, however far it is indented. Empty lines do not end a block.
      if (indent !== undefined && (isAfterBlank || indented !== undefined)) {
        indented ??= new MappedTextBuilder(source);
        indented.copy(start + indent.length, next);
      } else if (indented !== undefined && isBlank) indented.copy(next - 1, next);
      else {
        if (indented !== undefined) readBlock(indented.build(), '', extractorFor, found);
        indented = undefined;
      }
      isAfterBlank = isBlank;
      if (fence === undefined) {
        const [, before, marks, info] = OPENING.exec(head) ?? [];
        // A backtick in the info string makes it inline code.
        const isFence = before !== undefined && marks !== undefined && indented === undefined;
        if (isFence && !(marks[0] === '`' && info?.includes('`'))) {
          fence = { builder: new MappedTextBuilder(source), prefix: before.length, marks, info: info ?? '' };
        }
      } else if (closes(head, fence.marks)) {
        readBlock(fence.builder.build(), fence.info, extractorFor, found);
        fence = undefined;
      } else {
        fence.builder.copy(start + prefixLength(head, fence.prefix), next);
      }
      start = next;
    }
    if (fence !== undefined) readBlock(fence.builder.build(), fence.info, extractorFor, found);
    if (indented !== undefined) readBlock(indented.build(), '', extractorFor, found);
  };
}

function closes(line: string, marks: string): boolean {
  const bare = line.replace(/^[ \t>]+/u, '');
  return bare.startsWith(marks) && [...bare].every((character) => character === marks[0]);
}

function prefixLength(line: string, most: number): number {
  let length = 0;
  while (length < most && ' \t>'.includes(line[length] ?? 'x')) length += 1;
  return length;
}

function readBlock(
  body: MappedText,
  info: string,
  extractorFor: (tag: string) => Extractor | undefined,
  found: (candidate: Candidate) => void,
): void {
  const [tag = '', ...rest] = info.toLowerCase().match(/[\w-]+/gu) ?? [];
  const isMarked = rest.includes('permissions') || tag === 'permissions';
  const extractor = extractorFor(tag);
  if (extractor !== undefined) extractor(body, found);
  else if (isMarked || /^\s*[{/]/u.test(body.text)) {
    found({ text: body, isMarked, isLenient: tag === 'jsonc' || tag === 'json5' });
  } else extractShell(body, found);
}
