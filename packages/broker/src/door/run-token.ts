import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The token of one run. It has the form of a key, because some programs check that. */
export class RunToken {
  readonly value = randomBytes(32).toString('hex');
  readonly #hash = hash(this.value);

  /** Compares a string with the token, in a time that depends on neither. */
  matches(text: string): boolean {
    return timingSafeEqual(hash(text), this.#hash);
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
