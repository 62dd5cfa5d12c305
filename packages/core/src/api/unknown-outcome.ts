import { isVastaiError, TransportError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';

/** Returns true for the error of a request that may have taken effect, although no response says so. */
export function isOutcomeUnknown(error: unknown): boolean {
  return isVastaiError(error) && 'outcomeUnknown' in error && error.outcomeUnknown === true;
}

/** Sends a request that changes something. If its outcome is unknown, the error carries `advice` as its hint. */
export async function adviseIfLost<T>(work: () => Promise<T>, advice: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isVastaiError(error) || !isOutcomeUnknown(error)) throw error;
    if (error.code === 'interrupted') throw new InterruptedError(error.message, true, advice);
    throw new TransportError(error.message, true, {
      hint: advice,
      ...(error.status === undefined ? {} : { status: error.status }),
    });
  }
}
