/** The clock of one sandbox: that of this machine, moved forward as far as someone wished. */
export class Clock {
  #ahead = 0;

  /** Returns the time in seconds since 1970. */
  now(): number {
    return Date.now() / 1000 + this.#ahead;
  }

  /** Moves the clock forward. @throws Error unless `seconds` is a number of at least 0 */
  advance(seconds: number): void {
    if (!(Number.isFinite(seconds) && seconds >= 0))
      throw new Error('"seconds" must be a number of at least 0.');
    this.#ahead += seconds;
  }
}
