import { type Candidate, REASONS } from './candidate.js';
import type { MappedText } from './mapped-text.js';

/** Finds the ends of heredocs. Reads the lines once, however many heredocs never end. */
export class Heredocs {
  readonly #source: MappedText;
  /** The starts of the lines that consist of one word, by that word, in order. */
  readonly #words = new Map<string, number[]>();

  constructor(source: MappedText) {
    this.#source = source;
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
    const lineBreak = text.indexOf('\n', after);
    if (lineBreak === -1) return undefined;
    const start = lineBreak + 1;
    const end = firstFrom(this.#words.get(word) ?? [], start);
    if (end !== undefined) return { candidate: { text: this.#source.slice(start, end) }, end };
    const next = text.indexOf('<<', start);
    const candidate = {
      text: this.#source.slice(start, next === -1 ? text.length : next),
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
