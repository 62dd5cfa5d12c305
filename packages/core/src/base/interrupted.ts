import { VastaiError } from './errors.js';

/** The person, or whoever started the program, ended it before an answer came. */
export class InterruptedError extends VastaiError {
  /** Whether the server may have done what was asked, although no answer tells. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, hint?: string) {
    super('interrupted', message, hint === undefined ? {} : { hint });
    this.outcomeUnknown = outcomeUnknown;
  }
}
