/**
 * Reads a string from its end to its beginning. The contexts of a key are what stands before it, and an expression that
 * has to match up to the end of a string would be tried from every place in it.
 */
export class Cursor {
  readonly text: string;
  /** Counts the characters that are left. */
  at: number;

  constructor(text: string, at: number = text.length) {
    this.text = text;
    this.at = at;
  }

  /** The character before the cursor, or an empty string at the beginning. */
  get last(): string {
    return this.text[this.at - 1] ?? '';
  }

  /** Returns a cursor at the same place. */
  copy(): Cursor {
    return new Cursor(this.text, this.at);
  }

  /** Moves across one of some strings, and returns it, or undefined if none is there. */
  eat(...strings: string[]): string | undefined {
    const found = strings.find((string) => this.text.endsWith(string, this.at));
    if (found !== undefined) this.at -= found.length;
    return found;
  }

  /** Moves across all characters that belong to a set, and returns them. */
  take(set: string): string {
    const end = this.at;
    while (this.at > 0 && set.includes(this.last)) this.at--;
    return this.text.slice(this.at, end);
  }
}
