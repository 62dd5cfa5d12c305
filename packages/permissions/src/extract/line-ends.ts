/** Finds the ends of lines. Searches a line once, however often it is asked for it. */
export class LineEnds {
  readonly #text: string;
  #start = 0;
  #end = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the position of the line break that follows, or of the end of the text. */
  from(at: number): number {
    if (at < this.#start || at > this.#end) {
      const found = this.#text.indexOf('\n', at);
      this.#start = at;
      this.#end = found === -1 ? this.#text.length : found;
    }
    return this.#end;
  }
}
