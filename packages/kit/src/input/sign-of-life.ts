import type { Output } from '../render/output.js';

/** People wonder if a command hangs after about a second. */
const QUIET_MS = 1000;

/** Shows on a terminal which host a command is waiting for, after a second, and removes the line when the wait ends. */
export class SignOfLife {
  readonly #output: Output;
  #waiting = 0;
  #isShown = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  begin(host: string): void {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#showLater(host);
  }

  /** Ends one wait. If others continue, the line comes back after a second unless other progress is shown. */
  end(host: string): void {
    this.#waiting -= 1;
    clearTimeout(this.#timer);
    if (this.#isShown) this.#output.endProgress();
    this.#isShown = false;
    if (this.#waiting > 0) this.#showLater(host);
  }

  #showLater(host: string): void {
    this.#timer = setTimeout(() => {
      if (this.#output.showsProgress) return;
      this.#output.progress(`Waiting for ${host} ...`);
      this.#isShown = this.#output.showsProgress;
    }, QUIET_MS).unref();
  }
}
