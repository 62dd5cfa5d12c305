import { inspect } from 'node:util';

/** Why a text cannot be a key; the words never repeat the text. */
export type KeyFault = 'empty' | 'white space' | 'control character' | 'character outside ASCII';

/** Says what is wrong in words that follow `it`. */
export function describeKeyFault(fault: KeyFault): string {
  if (fault === 'empty') return 'is empty';
  return `contains a ${fault === 'white space' ? 'space or a line break' : fault}`;
}

/**
 * An API key that does not show itself.
 *
 * The documentation promises no format, so a key is any printable text without white space.
 * Printing, logging, inspecting or serialising one gives `…` and its last four characters;
 * only `reveal` gives the key.
 */
export class ApiKey {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** Makes a key of a text, after trimming white space around it; gives the fault where it cannot be one. */
  static parse(text: string): ApiKey | KeyFault {
    const value = text.trim();
    if (value === '') return 'empty';
    if (/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/u.test(value)) return 'control character';
    if (/\s/u.test(value)) return 'white space';
    // No request header can carry one.
    if (!/^[\x21-\x7e]+$/u.test(value)) return 'character outside ASCII';
    return new ApiKey(value);
  }

  /** The key itself, for the request, the store, or a person who asked for it. */
  reveal(): string {
    return this.#value;
  }

  /** The last four characters; empty for a key so short that they would be half of it. */
  get suffix(): string {
    return this.#value.length < 8 ? '' : this.#value.slice(-4);
  }

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
