import { inspect } from 'node:util';

/** Says why a string cannot be a key, in words that never repeat the string. */
export type KeyFault = 'empty' | 'white space' | 'control character' | 'character outside ASCII';

/** Says what is wrong in words that follow `it`. */
export function describeKeyFault(fault: KeyFault): string {
  if (fault === 'empty') return 'is empty';
  return `contains a ${fault === 'white space' ? 'space or a line break' : fault}`;
}

/**
 * Holds an API key and does not show it: printing, logging, inspecting or serialising one gives `…` and its last four
 * characters, and only `reveal` returns the key.
 *
 * Vast.ai's documentation promises no format, so a key is any printable ASCII without white space.
 */
export class ApiKey {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** Makes a key of a string, without the white space around it; returns the reason, a string, where it cannot be one. */
  static parse(text: string): ApiKey | KeyFault {
    const value = text.trim();
    if (value === '') return 'empty';
    if (/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/u.test(value)) return 'control character';
    if (/\s/u.test(value)) return 'white space';
    // No request header can carry one.
    if (!/^[\x21-\x7e]+$/u.test(value)) return 'character outside ASCII';
    return new ApiKey(value);
  }

  /** Returns the key itself, for the line that sends, stores or prints it. */
  reveal(): string {
    return this.#value;
  }

  /** Returns the last four characters; none for a key so short that they would be half of it. */
  get suffix(): string {
    return this.#value.length < 8 ? '' : this.#value.slice(-4);
  }

  /** Compares two keys. */
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
