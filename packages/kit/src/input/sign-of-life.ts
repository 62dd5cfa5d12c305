import type { Output } from '../render/output.js';

/** People begin to wonder after about a second. */
const QUIET_MS = 1000;

/** Says on a terminal what a command is waiting for, once that has taken a second, and takes it back when it is there. */
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

  /** Ends one wait. Where others go on, the line comes back later, if nothing else has taken its place by then. */
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
