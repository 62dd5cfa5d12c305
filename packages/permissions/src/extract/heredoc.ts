import { type Candidate, REASONS } from './candidate.js';
import { type MappedText, MappedTextBuilder } from './mapped-text.js';

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
   * Returns the body of the heredoc whose first line starts at `start`, with the indentation of its lines, which means
   * nothing in JSON, and where it ends. Returns undefined if it never ends.
   */
  body(start: number, word: string): { readonly body: MappedText; readonly end: number } | undefined {
    const end = firstFrom(this.#words.get(word) ?? [], start);
    if (end === undefined) return undefined;
    const builder = new MappedTextBuilder(this.#source);
    builder.copy(start, end);
    return { body: builder.build(), end };
  }
}

/** Returns what follows a heredoc that never ends, up to the next one, as a piece that could not be read. */
export function unclosedHeredoc(source: MappedText, mark: number, start: number): Candidate {
  const next = source.text.indexOf('<<', start);
  return {
    text: source.slice(start, next === -1 ? source.text.length : next),
    unknown: { reason: REASONS.unclosed, text: source, span: { start: mark, end: mark + 1 } },
  };
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
