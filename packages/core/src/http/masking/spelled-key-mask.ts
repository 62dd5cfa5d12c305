import type { ApiKey } from '../../base/api-key.js';
import { asBuffer, readJoined } from './held-back.js';
import { keyMask, keyTraits } from './key-redaction.js';

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
 * they are, even in bytes that are not text.
 *
 * Most responses have many separators and few words as long as a key. So it looks at every so many bytes only, for the
 * separator that rules out a key there.
 */
export class SpelledKeyMask {
  readonly #mask: (text: string) => string;
  readonly #mayBeIn: (bytes: Uint8Array) => boolean;
  readonly #least: number;
  readonly #isSeparator: Uint8Array;
  #held: Uint8Array = new Uint8Array();

  /** Creates a mask for keys. */
  constructor(keys: readonly ApiKey[]) {
    const { shortest, has, mayBeIn } = keyTraits(keys);
    const masks = keys.map(keyMask);
    this.#mask = (text) => {
      const masked = masks.reduce((masked, mask) => mask(masked), text);
      // A key can begin in the middle of an escape, whose backslash must not remain.
      return masked === text ? text : masked.replace(/(?<!\\)((?:\\\\)*)\\(?=…)/gu, '$1');
    };
    this.#mayBeIn = mayBeIn;
    this.#least = shortest;
    this.#isSeparator = new Uint8Array(256);
    for (const character of SEPARATORS) if (!has(character)) this.#isSeparator[character.charCodeAt(0)] = 1;
  }

  /** Returns what is certain of the text so far, beyond what was returned before. */
  push(piece: Uint8Array): readonly Uint8Array[] {
    const isEnd = (byte: number) => this.#isSeparator[byte] === 1;
    return readJoined(
      () => this.#held,
      piece,
      isEnd,
      (data) => this.#read(data, false),
    );
  }

  /** Returns the rest. */
  end(): readonly Uint8Array[] {
    return this.#read(asBuffer(this.#held), true);
  }

  #read(data: Buffer, isLast: boolean): readonly Uint8Array[] {
    if (hasSequences(data)) return this.#cutRun(data, 0, [], isLast);
    const out: Uint8Array[] = [];
    let from = 0;
    let start = 0;
    let isSearched = false;
    for (;;) {
      const run = this.#nextRun(data, start);
      start = run.start;
      if (run.end === data.length && !isLast) break;
      if (run.end === undefined) {
        start = this.#lastRun(data, start);
        break;
      }
      if (!isSearched) {
        isSearched = true;
        // Where there are many runs, one look at all of them is quicker.
        if (!this.#mayBeIn(data.subarray(start))) {
          start = isLast ? data.length : this.#lastRun(data, run.end);
          break;
        }
      }
      const masked = this.#masked(data.subarray(start, run.end));
      if (masked !== undefined) {
        out.push(data.subarray(from, start), masked);
        from = run.end;
      }
      start = run.end;
    }
    out.push(data.subarray(from, start));
    return this.#cutRun(data, start, out, isLast);
  }

  /** Returns bytes with each key masked; undefined if they have none. */
  #masked(bytes: Buffer): Buffer | undefined {
    if (!this.#mayBeIn(bytes)) return undefined;
    const text = bytes.toString();
    const masked = this.#mask(text);
    return masked === text ? undefined : Buffer.from(masked);
  }

  /** Finds the next run that is as long as a key. If there is none, `start` is where the last one may begin. */
  #nextRun(data: Buffer, from: number): { readonly start: number; readonly end: number | undefined } {
    const isSeparator = this.#isSeparator;
    let start = from;
    for (let probe = start + this.#least - 1; probe < data.length; probe = start + this.#least - 1) {
      let before = probe;
      while (before >= start && isSeparator[data[before] as number] === 0) before -= 1;
      if (before < start) {
        let end = probe + 1;
        while (end < data.length && isSeparator[data[end] as number] === 0) end += 1;
        return { start, end };
      }
      start = before + 1;
    }
    return { start, end: undefined };
  }

  /** Returns where the last run begins: behind the last separator from an offset on. */
  #lastRun(data: Buffer, from: number): number {
    let last = data.length;
    while (last > from && this.#isSeparator[data[last - 1] as number] === 0) last -= 1;
    return last;
  }

  /** Decides about the text from an offset on, which has no separator, or has a key between any two. */
  #cutRun(data: Buffer, start: number, out: Uint8Array[], isLast: boolean): readonly Uint8Array[] {
    const run = data.subarray(start);
    const cut = isLast ? run.length : this.#cutOf(run);
    if (cut === 0) {
      this.#held = run;
      return out;
    }
    const decided = run.subarray(0, cut);
    out.push(this.#masked(decided) ?? decided);
    this.#held = run.subarray(cut);
    return out;
  }

  /** Returns the offset up to which a run can be decided: one that is not in the middle of a key. */
  #cutOf(run: Buffer): number {
    if (run.length <= LONGEST_RUN) return 0;
    for (let cut = run.length - LONGEST_KEY; cut > run.length - 2 * LONGEST_KEY; cut -= 1) {
      // Not in the middle of a character of UTF-8.
      if (((run[cut] as number) & 0xc0) === 0x80) continue;
      const near = run.subarray(cut - LONGEST_KEY, cut + LONGEST_KEY);
      if (!this.#mayBeIn(near)) return cut;
      const [one, other] = [near.toString('utf8', 0, LONGEST_KEY), near.toString('utf8', LONGEST_KEY)];
      if (this.#mask(one + other) === this.#mask(one) + this.#mask(other)) return cut;
    }
    return run.length > MOST_HELD ? run.length : 0;
  }
}

/** Returns true if a text may have the sequences of a terminal. They have separators in them, and can be inside a key. */
function hasSequences(data: Buffer): boolean {
  if (!data.includes(0x1b) && !data.includes('\u009b')) return false;
  // A zero byte is not in a text for a terminal, but in a picture or an archive.
  return !data.includes(0);
}
