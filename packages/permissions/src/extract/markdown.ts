import type { Candidate, Extractor } from './candidate.js';
import { MappedTextBuilder } from './mapped-text.js';
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

/**
 * Returns an extractor for the fenced code blocks of Markdown.
 *
 * @param extractorFor returns the extractor for the language of a block
 */
export function markdownExtractor(extractorFor: (tag: string) => Extractor | undefined): Extractor {
  return (source, found) => {
    let fence: Fence | undefined;
    const { text } = source;
    for (let start = 0; start < text.length; ) {
      const lineBreak = text.indexOf('\n', start);
      const next = lineBreak === -1 ? text.length : lineBreak + 1;
      const head = text.slice(start, Math.min(next, start + LONGEST_OPENING)).trimEnd();
      if (fence === undefined) {
        const [, before, marks, info] = OPENING.exec(head) ?? [];
        // A backtick in the info string makes it inline code.
        if (before !== undefined && marks !== undefined && !(marks[0] === '`' && info?.includes('`'))) {
          fence = { builder: new MappedTextBuilder(source), prefix: before.length, marks, info: info ?? '' };
        }
      } else if (closes(head, fence.marks)) {
        readFence(fence, extractorFor, found);
        fence = undefined;
      } else {
        fence.builder.copy(start + prefixLength(head, fence.prefix), next);
      }
      start = next;
    }
    if (fence !== undefined) readFence(fence, extractorFor, found);
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

function readFence(
  { builder, info }: Fence,
  extractorFor: (tag: string) => Extractor | undefined,
  found: (candidate: Candidate) => void,
): void {
  const body = builder.build();
  const [tag = '', ...rest] = info.toLowerCase().match(/[\w-]+/gu) ?? [];
  const isMarked = rest.includes('permissions') || tag === 'permissions';
  const extractor = extractorFor(tag);
  if (extractor !== undefined) extractor(body, found);
  else if (isMarked || /^\s*[{/]/u.test(body.text)) {
    found({ text: body, isMarked, isLenient: tag === 'jsonc' || tag === 'json5' });
  } else extractShell(body, found);
}
