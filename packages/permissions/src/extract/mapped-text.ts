import type { Span } from '../json/positions.js';

/** Describes a stretch of text and where it comes from. A copied stretch has the same length in both. */
interface Run {
  readonly at: number;
  readonly start: number;
  end: number;
  readonly isCopy: boolean;
}

/** Holds a string taken out of a file, with its escapes decoded, and knows where each character came from. */
export class MappedText {
  readonly text: string;
  readonly #runs: readonly Run[];
  readonly #source: MappedText | undefined;

  constructor(text: string, runs: readonly Run[] = [], source: MappedText | undefined = undefined) {
    this.text = text;
    this.#runs = runs;
    this.#source = source;
  }

  /** Returns the place of a part of this text in the file. */
  inFile({ start, end }: Span): Span {
    if (this.#source === undefined) return { start, end };
    const from = this.#start(start);
    return this.#source.inFile({ start: from, end: end > start ? Math.max(from, this.#end(end)) : from });
  }

  /** Returns a part of this text. */
  slice(start: number, end: number): MappedText {
    return new MappedText(this.text.slice(start, end), [{ at: 0, start, end, isCopy: true }], this);
  }

  #start(offset: number): number {
    const run = this.#runAt(offset);
    if (!run.isCopy) return offset < this.text.length ? run.start : run.end;
    return Math.min(run.start + offset - run.at, run.end);
  }

  #end(offset: number): number {
    const run = this.#runAt(offset - 1);
    return run.isCopy ? run.start + offset - run.at : run.end;
  }

  #runAt(offset: number): Run {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#runs[middle] as Run).at <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#runs[low] as Run;
  }
}

/** Builds a mapped text from parts of another one. */
export class MappedTextBuilder {
  readonly #source: MappedText;
  readonly #parts: string[] = [];
  readonly #runs: Run[] = [];
  /** The position in the new text at which the next part begins. */
  #at = 0;

  constructor(source: MappedText) {
    this.#source = source;
  }

  copy(start: number, end: number): void {
    if (end <= start) return;
    const last = this.#runs.at(-1);
    if (last?.isCopy && last.end === start) last.end = end;
    else this.#runs.push({ at: this.#at, start, end, isCopy: true });
    this.#push(this.#source.text.slice(start, end));
  }

  /** Adds a string in place of a part of the source, such as the character that an escape means. */
  replace(text: string, start: number, end: number): void {
    if (text === '') return;
    this.#runs.push({ at: this.#at, start, end, isCopy: false });
    this.#push(text);
  }

  build(): MappedText {
    const runs = this.#runs.length > 0 ? this.#runs : [{ at: 0, start: 0, end: 0, isCopy: true }];
    return new MappedText(this.#parts.join(''), runs, this.#source);
  }

  #push(text: string): void {
    this.#parts.push(text);
    this.#at += text.length;
  }
}
