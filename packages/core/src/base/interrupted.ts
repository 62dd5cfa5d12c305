import { VastaiError } from './errors.js';

/** Reports a request or a wait that a signal ended. Its code is `interrupted`. */
export class InterruptedError extends VastaiError {
  /** True if the server may have carried out the request, although no response says so. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, hint?: string) {
    super('interrupted', message, hint === undefined ? {} : { hint });
    this.outcomeUnknown = outcomeUnknown;
  }
}
