import { deleteApiKey } from '@vastai-cli/core/api/api-keys';
import type { Client } from '@vastai-cli/core/api/client';
import { type ErrorCode, isVastaiError, type VastaiError } from '@vastai-cli/core/errors';

/** What became of each id: it is in exactly one of the lists. */
export interface Deletion {
  readonly deleted: readonly number[];
  /** There was no such key. */
  readonly absent: readonly number[];
  readonly failed: readonly FailedDeletion[];
  /** Not reached: the person interrupted, or there was no sense in going on. */
  readonly notTried: readonly number[];
  /** Why the work was interrupted, if it was. */
  readonly interruption?: VastaiError;
}

export interface FailedDeletion {
  readonly id: number;
  readonly error: VastaiError;
}

/** Is told how the work goes on. */
export interface DeletionObserver {
  /** The next id is tried; so many are behind it. */
  onNext(done: number): void;
  onDeleted(id: number): void;
}

/** What is no matter of one id. Met twice in a row, it would be met again and again. */
const OF_ALL: readonly ErrorCode[] = ['key_rejected', 'two_factor', 'unreachable', 'rate_limited'];

/**
 * Deletes keys one after the other. All are tried, unless the person interrupts, or the API twice in a row
 * gives the same refusal that is not about the id, or no answer.
 */
export async function deleteKeys(
  client: Client,
  ids: readonly number[],
  observer: DeletionObserver,
): Promise<Deletion> {
  const deleted: number[] = [];
  const absent: number[] = [];
  const failed: FailedDeletion[] = [];
  const until = (reached: number, interruption?: VastaiError): Deletion => {
    const notTried = ids.slice(reached);
    return { deleted, absent, failed, notTried, ...(interruption === undefined ? {} : { interruption }) };
  };
  let before: ErrorCode | undefined;
  for (const [at, id] of ids.entries()) {
    observer.onNext(at);
    let code: ErrorCode | undefined;
    try {
      await deleteApiKey(client, id);
      deleted.push(id);
      observer.onDeleted(id);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      code = error.code;
      if (code === 'interrupted' && !mayHaveActed(error)) return until(at, error);
      if (code === 'not_found') absent.push(id);
      else failed.push({ id, error });
      if (code === 'interrupted') return until(at + 1, error);
      if (code === before && OF_ALL.includes(code)) return until(at + 1);
    }
    before = code;
  }
  return until(ids.length);
}

/** Whether a key may be gone although no answer says so. */
export function mayHaveActed(error: VastaiError): boolean {
  return 'mayHaveActed' in error && error.mayHaveActed === true;
}
