import type { KeyForm } from './key-forms.js';

/** The state before the first byte. */
export const ROOT = 0;

/**
 * Finds the forms of a key in a stream, as the automaton of Aho and Corasick. Each of its states is the beginning of a
 * form. Following one byte takes constant time on average, whatever the bytes are.
 */
export class FormTrie {
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
