import { inspect } from 'node:util';

/** The reason why a string cannot be a key. It never repeats the string. */
export type KeyFault = 'empty' | 'white space' | 'control character' | 'character outside ASCII';

/** Describes a fault in words that follow “it”. */
export function describeKeyFault(fault: KeyFault): string {
  if (fault === 'empty') return 'is empty';
  return `contains a ${fault === 'white space' ? 'space or a line break' : fault}`;
}

/**
 * An API key that prints as `…` and its last four characters, also when it is logged, inspected or serialised. Only `reveal`
 * returns the key itself.
 *
 * Vast.ai's documentation promises no format, so a key is any printable ASCII without white space.
 */
export class ApiKey {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** Parses a key, trimming white space around it; returns the reason, a string, if the text cannot be a key. */
  static parse(text: string): ApiKey | KeyFault {
    const value = text.trim();
    if (value === '') return 'empty';
    if (/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/u.test(value)) return 'control character';
    if (/\s/u.test(value)) return 'white space';
    // A header of a request carries only ASCII.
    if (!/^[\x21-\x7e]+$/u.test(value)) return 'character outside ASCII';
    return new ApiKey(value);
  }

  /** Returns the key itself. Call it only on a line that sends, stores or prints the key. */
  reveal(): string {
    return this.#value;
  }

  /** Returns the last four characters, or an empty string for a key shorter than eight characters. */
  get suffix(): string {
    return this.#value.length < 8 ? '' : this.#value.slice(-4);
  }

  /** Returns true if two keys are the same. */
  equals(other: ApiKey): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return `…${this.suffix}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `ApiKey(${this.toString()})`;
  }
}
