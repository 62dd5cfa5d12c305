/** The longest that a run may keep signals waiting. */
const PAUSE_AFTER_MS = 50;

/** Lets signals through in the middle of long work: a signal is noticed only while the program waits. */
export class Breath {
  #last = performance.now();

  /** Waits for a moment, if the last time is long ago. */
  async take(): Promise<void> {
    if (performance.now() - this.#last < PAUSE_AFTER_MS) return;
    await new Promise<void>((resume) => setImmediate(resume));
    this.#last = performance.now();
  }
}
