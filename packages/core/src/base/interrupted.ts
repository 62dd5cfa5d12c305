import { VastaiError } from './errors.js';

/** Reports that a signal ended a request or a wait. Its code is `interrupted`. */
export class InterruptedError extends VastaiError {
  /** True where the server may have done what was asked, although no response says so. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, hint?: string) {
    super('interrupted', message, hint === undefined ? {} : { hint });
    this.outcomeUnknown = outcomeUnknown;
  }
}
