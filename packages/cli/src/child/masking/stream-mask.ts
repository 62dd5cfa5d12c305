import type { KeyForm } from './key-forms.js';

/** Replaces the key. No key contains this character. */
const MASK = Buffer.from('…');
/** The characters of a form that pass before it is held back, so that ordinary output is hardly ever held. */
const PASSES = 3;
const ROOT = 0;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Masks a key in a stream of bytes, in every form, also across chunks. Its output does not depend on where the chunks end:
 * of each occurrence, the first three characters pass, and `…` replaces the rest.
 *
 * It is an Aho-Corasick automaton, so it takes a constant time per byte, whatever the bytes are. It keeps back only
 * bytes that may still become the key.
 */
export class StreamMask {
  /** The next states, one row of 256 for each state. 0 is not computed yet; otherwise it is the state plus one. */
  readonly #table: Uint32Array;
  readonly #trie: Trie;
  #state = ROOT;
  #last = -1;
  #held: Buffer = Buffer.alloc(0);

  constructor(forms: readonly KeyForm[]) {
    this.#trie = new Trie(forms);
    this.#table = new Uint32Array(this.#trie.size * 256);
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
        const known = this.#table[state * 256 + byte] as number;
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

/** Returns true for a byte of one line break: a second one ends every line of base64. */
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

/** The forms as a tree of their beginnings. Each state is one beginning. */
class Trie {
  /** The length of the beginning, by state. */
  readonly depths: number[] = [0];
  /** The length of the longest form that ends here, by state; 0 if none does. */
  readonly ends: number[] = [0];
  /** 1 where a line may break, by state. */
  readonly wraps: number[] = [0];
  readonly #children: Map<number, number>[] = [new Map()];
  /** The state of the longest other beginning that ends the same, by state. */
  readonly #fallbacks: number[] = [ROOT];

  constructor(forms: readonly KeyForm[]) {
    for (const form of forms) this.#add(form);
    const queue = [...(this.#children[ROOT] as Map<number, number>).values()];
    for (const state of queue) {
      for (const [byte, next] of this.#children[state] as Map<number, number>) {
        const fallback = this.follow(this.#fallbacks[state] as number, byte);
        this.#fallbacks[next] = fallback;
        this.ends[next] ||= this.ends[fallback] as number;
        queue.push(next);
      }
    }
  }

  get size(): number {
    return this.depths.length;
  }

  /** Returns the state of the longest beginning that the bytes so far, and this one, end with. */
  follow(state: number, byte: number): number {
    for (let at = state; ; at = this.#fallbacks[at] as number) {
      const next = this.#children[at]?.get(byte);
      if (next !== undefined) return next;
      if (at === ROOT) return ROOT;
    }
  }

  #add({ text, wraps }: KeyForm): void {
    let state = ROOT;
    for (const byte of Buffer.from(text)) {
      const children = this.#children[state] as Map<number, number>;
      const next = children.get(byte) ?? this.#create((this.depths[state] as number) + 1);
      children.set(byte, next);
      if (wraps) this.wraps[next] = 1;
      state = next;
    }
    this.ends[state] = this.depths[state] as number;
  }

  #create(depth: number): number {
    this.depths.push(depth);
    this.ends.push(0);
    this.wraps.push(0);
    this.#children.push(new Map());
    this.#fallbacks.push(ROOT);
    return this.depths.length - 1;
  }
}
