import { REACH } from './place.js';

const SPELLINGS = ['vast', 'VAST', 'Vast'];

/**
 * Knows where a file speaks of Vast.ai. Most files with many hashes do not, so most hashes are done with at once. It goes
 * through the bytes once for each spelling, as it is asked about one place after the other.
 */
export class Mentions {
  #next: number[] = SPELLINGS.map(() => -1);

  /** Returns true if Vast.ai is mentioned within reach of a word. */
  areNear(bytes: Buffer, start: number, end: number): boolean {
    return SPELLINGS.some((spelling, index) => {
      const least = Math.max(0, start - REACH);
      if ((this.#next[index] ?? 0) < least) {
        const found = bytes.indexOf(spelling, least, 'latin1');
        this.#next[index] = found === -1 ? Number.POSITIVE_INFINITY : found;
      }
      return (this.#next[index] ?? 0) < end + REACH;
    });
  }

  /** Begins again, for other bytes. */
  reset(): void {
    this.#next = SPELLINGS.map(() => -1);
  }
}
