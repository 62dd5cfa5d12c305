import { NEW_LINE } from './bytes.js';

/** Counts lines and columns. It goes through the bytes once, and only as far as there are keys. */
export class Positions {
  #line = 1;
  #column = 1;
  #at = 0;

  /** Returns the line and the column of an offset, which must not be before that of the last call. */
  of(bytes: Uint8Array, offset: number): { line: number; column: number } {
    for (; this.#at < offset; this.#at++) {
      const byte = bytes[this.#at] ?? 0;
      if (byte === NEW_LINE) {
        this.#line++;
        this.#column = 1;
      } else if (byte < 0x80 || byte >= 0xf0) this.#column += byte < 0x80 ? 1 : 2;
      else if (byte >= 0xc0) this.#column++;
    }
    return { line: this.#line, column: this.#column };
  }

  /** Forgets bytes at the beginning, so that offsets begin behind them. */
  drop(bytes: Uint8Array, count: number): void {
    this.of(bytes, count);
    this.#at -= count;
  }
}
