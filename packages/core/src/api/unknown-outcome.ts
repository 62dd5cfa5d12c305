import { isVastaiError, TransportError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';

/** Sends a request that changes something. If its outcome is unknown, the error carries `advice` as its hint. */
export async function adviseIfLost<T>(work: () => Promise<T>, advice: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isVastaiError(error) || !('outcomeUnknown' in error) || error.outcomeUnknown !== true) throw error;
    if (error.code === 'interrupted') throw new InterruptedError(error.message, true, advice);
    throw new TransportError(error.message, true, {
      hint: advice,
      ...(error.status === undefined ? {} : { status: error.status }),
    });
  }
}
