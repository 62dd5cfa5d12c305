import { type Candidate, REASONS } from './candidate.js';
import { LineEnds } from './line-ends.js';
import type { MappedText } from './mapped-text.js';

/** Limits how much of a heredoc without an end is searched. A line can open any number of them. */
const LONGEST_UNCLOSED = 200;

/** Finds the ends of heredocs. Reads the lines once, however many heredocs never end. */
export class Heredocs {
  readonly #source: MappedText;
  readonly #lines: LineEnds;
  /** The starts of the lines that consist of one word, by that word, in order. */
  readonly #words = new Map<string, number[]>();

  constructor(source: MappedText) {
    this.#source = source;
    this.#lines = new LineEnds(source.text);
    for (const { index, 1: word } of source.text.matchAll(/^[ \t]{0,200}(\w{1,100})\r?$/gmu)) {
      const starts = this.#words.get(word as string);
      if (starts === undefined) this.#words.set(word as string, [index]);
      else starts.push(index);
    }
  }

  /**
   * Reads the heredoc that a mark such as `<<EOF` opens. Its lines keep their indentation, which means nothing in JSON.
   *
   * @param mark the position of the mark
   * @param after the position after the mark
   * @returns the body, and where it ends. If it never ends, what follows up to the next mark is a piece that could not be
   *   read, and there is no end. Undefined if no line follows.
   */
  read(
    mark: number,
    after: number,
    word: string,
  ): { readonly candidate: Candidate; readonly end: number | undefined } | undefined {
    const { text } = this.#source;
    const start = this.#lines.from(after) + 1;
    if (start >= text.length) return undefined;
    const end = firstFrom(this.#words.get(word) ?? [], start);
    if (end !== undefined) return { candidate: { text: this.#source.slice(start, end) }, end };
    const [unread = ''] = text.slice(start, start + LONGEST_UNCLOSED).split('<<', 1);
    const candidate = {
      text: this.#source.slice(start, start + unread.length),
      unknown: { reason: REASONS.unclosed, text: this.#source, span: { start: mark, end: mark + 1 } },
    };
    return { candidate, end };
  }
}

function firstFrom(sorted: readonly number[], least: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}
