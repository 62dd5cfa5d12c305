/** Characters that are in no spelling of a key, unless the key itself has them. */
const SEPARATORS = '!"$\'()*,.:<>?@[]^`{|}~';

/** Most bytes without a separator that are held back. */
const LONGEST_RUN = 64 * 1024;
/** Most bytes that a key can take, with escapes and all that is invisible in between. */
const LONGEST_KEY = 4 * 1024;
/** Most bytes that are held back because they are full of keys. */
const MOST_HELD = 1024 * 1024;

/**
 * Masks keys in any text that arrives in pieces, in each spelling that `keyMask` finds; see there. Bytes without a key stay as
 * they are, also in what is no text.
 *
 * Most responses have many separators and few words as long as a key. So it looks at every so many bytes only, for the
 * separator that rules out a key there.
 */
export class SpelledKeyMask {
  readonly #mask: (text: string) => string;
  readonly #least: number;
  readonly #isSeparator: Uint8Array;
  #held: Uint8Array = new Uint8Array();

  /**
   * @param mask masks the keys in a string
   * @param keys the keys, to know their length and their characters
   */
  constructor(mask: (text: string) => string, keys: readonly string[]) {
    this.#mask = (text) => {
      const masked = mask(text);
      // A key can begin in the middle of an escape, whose backslash must not remain.
      return masked === text ? text : masked.replace(/(?<!\\)((?:\\\\)*)\\(?=…)/gu, '$1');
    };
    this.#least = Math.min(...keys.map(({ length }) => length));
    this.#isSeparator = new Uint8Array(256);
    for (const character of SEPARATORS)
      if (!keys.some((key) => key.includes(character))) this.#isSeparator[character.charCodeAt(0)] = 1;
  }

  /** Returns what is certain of the text so far, beyond what was returned before. */
  push(piece: Uint8Array): Buffer {
    return this.#read(Buffer.concat([this.#held, piece]), false);
  }

  /** Returns the rest. */
  end(): Buffer {
    return this.#read(Buffer.from(this.#held), true);
  }

  #read(data: Buffer, isLast: boolean): Buffer {
    // The sequences of a terminal have separators in them, and can be in the middle of a key.
    if (data.includes(0x1b) || data.includes('\u009b')) return this.#cutRun(data, 0, [], isLast);
    const isSeparator = this.#isSeparator;
    const out: Uint8Array[] = [];
    const { length } = data;
    let from = 0;
    let start = 0;
    for (let probe = this.#least - 1; probe < length; probe = start + this.#least - 1) {
      let before = probe;
      while (before >= start && isSeparator[data[before] as number] === 0) before -= 1;
      if (before >= start) {
        start = before + 1;
        continue;
      }
      let end = probe + 1;
      while (end < length && isSeparator[data[end] as number] === 0) end += 1;
      if (end === length && !isLast) break;
      const text = data.toString('utf8', start, end);
      const masked = this.#mask(text);
      if (masked !== text) {
        out.push(data.subarray(from, start), Buffer.from(masked));
        from = end;
      }
      start = end + 1;
    }
    start = Math.min(start, length);
    out.push(data.subarray(from, start));
    return this.#cutRun(data, start, out, isLast);
  }

  /** Decides about the text from an offset on, which has no separator, or has a key between any two. */
  #cutRun(data: Buffer, start: number, out: Uint8Array[], isLast: boolean): Buffer {
    const run = data.subarray(start);
    const cut = isLast ? run.length : this.#cutOf(run);
    const text = run.toString('utf8', 0, cut);
    const masked = this.#mask(text);
    out.push(masked === text ? run.subarray(0, cut) : Buffer.from(masked));
    this.#held = run.subarray(cut);
    return Buffer.concat(out);
  }

  /** Returns the offset up to which a run can be decided: one that is not in the middle of a key. */
  #cutOf(run: Buffer): number {
    if (run.length <= LONGEST_RUN) return 0;
    for (let cut = run.length - LONGEST_KEY; cut > run.length - 2 * LONGEST_KEY; cut -= 1) {
      // Not in the middle of a character of UTF-8.
      if (((run[cut] as number) & 0xc0) === 0x80) continue;
      const [one, other] = [
        run.toString('utf8', cut - LONGEST_KEY, cut),
        run.toString('utf8', cut, cut + LONGEST_KEY),
      ];
      if (this.#mask(one + other) === this.#mask(one) + this.#mask(other)) return cut;
    }
    return run.length > MOST_HELD ? run.length : 0;
  }
}
