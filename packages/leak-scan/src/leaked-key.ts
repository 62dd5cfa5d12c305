import { fingerprintOf } from './fingerprint.js';
import { REASONS, type Reason } from './reasons.js';

/** A key that was found. Nothing that prints it, logs it or makes JSON of it shows more than the last four characters. */
export class LeakedKey {
  /** Line of its first character, from 1. */
  readonly line: number;
  /** Column of its first character, from 1, in UTF-16 code units. */
  readonly column: number;
  readonly suffix: string;
  readonly reason: Reason;
  readonly #key: string;

  constructor(key: string, place: { line: number; column: number; reason: Reason }) {
    this.line = place.line;
    this.column = place.column;
    this.reason = place.reason;
    this.suffix = key.slice(-4);
    this.#key = key;
  }

  /** Says why it is thought to be a key, in words that follow “it is”. */
  get why(): string {
    return REASONS[this.reason];
  }

  /** Returns a keyed hash of it, by which it is known again. */
  fingerprint(salt: string): string {
    return fingerprintOf(this.#key, salt);
  }

  /** Returns the key itself. Call it only to ask the API about it. */
  reveal(): string {
    return this.#key;
  }
}
