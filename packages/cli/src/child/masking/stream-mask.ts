import { FormTrie, ROOT } from './form-trie.js';
import type { KeyForm } from './key-forms.js';

/** Replaces the key. No key contains this character. */
const MASK = Buffer.from('…');
/** The number of characters of a form that pass before it is held back, so that other output is hardly ever held. */
const PASSES = 3;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The number of states that get a row in the table: all of them, unless the key has hundreds of characters. */
const ROWS = 8192;

/**
 * Masks a key in a stream of bytes, in every form, also across chunks. Of each occurrence, the first three characters
 * pass, and `…` replaces the rest, wherever the chunks end. Only bytes that may still become the key are held back.
 */
export class StreamMask {
  /** The next states, one row of 256 for each of the first states. 0 is not computed yet; otherwise it is the state plus one. */
  readonly #table: Uint32Array;
  readonly #trie: FormTrie;
  #state = ROOT;
  #last = -1;
  #held: Buffer = Buffer.alloc(0);

  constructor(forms: readonly KeyForm[]) {
    this.#trie = new FormTrie(forms);
    this.#table = new Uint32Array(Math.min(this.#trie.size, ROWS) * 256);
  }

  /** Takes the next bytes, and returns what can be passed on now. */
  push(chunk: Buffer): Buffer {
    const { depths, ends, wraps } = this.#trie;
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const parts: Buffer[] = [];
    let passed = 0;
    let state = this.#state;
    let last = this.#last;
    for (let at = this.#held.length; at < data.length; at += 1) {
      const byte = data[at] as number;
      if (!(wraps[state] === 1 && ends[state] === 0 && isBreak(byte, last))) {
        // What lies behind the table is not known.
        const known = this.#table[state * 256 + byte] ?? 0;
        state = known === 0 ? this.#follow(state, byte) : known - 1;
        const length = ends[state] as number;
        if (length > 0) {
          const from = Math.max(passed, backFrom(data, at + 1, length - PASSES));
          parts.push(data.subarray(passed, from), MASK);
          passed = at + 1;
        }
      }
      last = byte;
    }
    const held = Math.max(passed, backFrom(data, data.length, (depths[state] as number) - PASSES));
    parts.push(data.subarray(passed, held));
    this.#state = state;
    this.#last = last;
    this.#held = Buffer.from(data.subarray(held));
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** Returns what was held back, once the stream has ended. */
  end(): Buffer {
    return this.#held;
  }

  #follow(state: number, byte: number): number {
    const next = this.#trie.follow(state, byte);
    this.#table[state * 256 + byte] = next + 1;
    return next;
  }
}

/** Returns true for a byte of a single line break. Base64 ends at an empty line. */
function isBreak(byte: number, last: number): boolean {
  if (byte === LINE_FEED) return last !== LINE_FEED;
  return byte === CARRIAGE_RETURN && last !== LINE_FEED && last !== CARRIAGE_RETURN;
}

/** Returns the offset that is `count` bytes before `end`, not counting line breaks; at least 0. */
function backFrom(data: Buffer, end: number, count: number): number {
  let at = end;
  for (let left = count; left > 0 && at > 0; ) {
    at -= 1;
    if (data[at] !== LINE_FEED && data[at] !== CARRIAGE_RETURN) left -= 1;
  }
  return at;
}
