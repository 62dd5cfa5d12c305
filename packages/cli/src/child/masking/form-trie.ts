import type { KeyForm } from './key-forms.js';

/** The state before the first byte. */
export const ROOT = 0;

/**
 * Finds the forms of a key in a stream, as the automaton of Aho and Corasick. Each of its states is the beginning of a
 * form. Following one byte takes constant time on average, whatever the bytes are.
 *
 * Nearly every state leads on with one byte only. Arrays hold that, and one map the rest: with a map for each state, a long
 * key would take hundreds of megabytes.
 */
export class FormTrie {
  /** The length of the beginning, by state. */
  readonly depths: Int32Array;
  /** The length of the longest form that ends here, by state; 0 if none does. */
  readonly ends: Int32Array;
  /** 1 where a line may break, by state. */
  readonly wraps: Uint8Array;
  /** The first byte that leads on, and the state it leads to, by state; `ROOT` if none does. */
  readonly #bytes: Uint8Array;
  readonly #nexts: Int32Array;
  /** The states that other bytes lead to, by state and byte. */
  readonly #others = new Map<number, number>();
  /** The state of the longest other beginning that ends the same, by state. */
  readonly #fallbacks: Int32Array;
  #size = 1;

  constructor(forms: readonly KeyForm[]) {
    const texts = forms.map(({ text, wraps }) => ({ bytes: Buffer.from(text), wraps }));
    const atMost = texts.reduce((sum, { bytes }) => sum + bytes.length, 1);
    this.depths = new Int32Array(atMost);
    this.ends = new Int32Array(atMost);
    this.wraps = new Uint8Array(atMost);
    this.#bytes = new Uint8Array(atMost);
    this.#nexts = new Int32Array(atMost);
    this.#fallbacks = new Int32Array(atMost);
    this.#fallBack(texts.map(({ bytes, wraps }) => ({ bytes, states: this.#add(bytes, wraps) })));
  }

  get size(): number {
    return this.#size;
  }

  /** Returns the state of the longest beginning that the bytes so far, and this one, end with. */
  follow(state: number, byte: number): number {
    for (let at = state; ; at = this.#fallbacks[at] as number) {
      const next = this.#next(at, byte);
      if (next !== ROOT || at === ROOT) return next;
    }
  }

  /** Returns the states of a form, after each of its bytes. */
  #add(bytes: Buffer, wraps: boolean): Int32Array {
    let state = ROOT;
    const states = Int32Array.from(bytes, (byte) => {
      const known = this.#next(state, byte);
      state = known === ROOT ? this.#create(state, byte) : known;
      if (wraps) this.wraps[state] = 1;
      return state;
    });
    this.ends[state] = bytes.length;
    return states;
  }

  #next(state: number, byte: number): number {
    const first = this.#nexts[state] as number;
    if (first === ROOT || this.#bytes[state] === byte) return first;
    return this.#others.get(state * 256 + byte) ?? ROOT;
  }

  #create(from: number, byte: number): number {
    const state = this.#size;
    this.#size += 1;
    this.depths[state] = (this.depths[from] as number) + 1;
    if (this.#nexts[from] === ROOT) {
      this.#bytes[from] = byte;
      this.#nexts[from] = state;
    } else this.#others.set(from * 256 + byte, state);
    return state;
  }

  /** Computes the fallbacks, which depend on those of all shorter beginnings. */
  #fallBack(forms: readonly { bytes: Buffer; states: Int32Array }[]): void {
    const longest = Math.max(0, ...forms.map(({ bytes }) => bytes.length));
    for (let at = 1; at < longest; at += 1) {
      for (const { bytes, states } of forms) {
        if (at >= bytes.length) continue;
        const state = states[at] as number;
        const fallback = this.follow(
          this.#fallbacks[states[at - 1] as number] as number,
          bytes[at] as number,
        );
        this.#fallbacks[state] = fallback;
        this.ends[state] ||= this.ends[fallback] as number;
      }
    }
  }
}
