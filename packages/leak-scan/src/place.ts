/** Limits how far to look around a word, so that reading in parts finds the same as reading everything at once. */
export const REACH = 4096;
const NEAR = 512;

/** Holds the text around a word. Strings have one character for each byte. */
export class Place {
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  #farBefore: string | undefined;
  /** Up to 512 bytes before the word. */
  readonly before: string;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.before = this.#back(NEAR);
  }

  /** Up to 512 bytes behind the word. */
  get after(): string {
    return this.#ahead(NEAR);
  }

  /** Up to 4096 bytes before the word. */
  get farBefore(): string {
    this.#farBefore ??= this.#back(REACH);
    return this.#farBefore;
  }

  /** Returns the line of the word and a number of lines before and behind it, as far as they are in reach. */
  lines(around: number): string {
    const before = this.farBefore;
    const after = this.#ahead(REACH);
    return before.slice(startOfLines(before, around)) + after.slice(0, endOfLines(after, around));
  }

  #back(most: number): string {
    return this.#bytes.toString('latin1', Math.max(0, this.#start - most), this.#start);
  }

  #ahead(most: number): string {
    return this.#bytes.toString('latin1', this.#end, Math.min(this.#bytes.length, this.#end + most));
  }
}

function startOfLines(text: string, lines: number): number {
  let at = text.length;
  for (let count = 0; count <= lines && at > 0; count++) at = text.lastIndexOf('\n', at - 1);
  return at <= 0 ? 0 : at + 1;
}

function endOfLines(text: string, lines: number): number {
  let at = -1;
  for (let count = 0; count <= lines; count++) {
    at = text.indexOf('\n', at + 1);
    if (at === -1) return text.length;
  }
  return at;
}
