import { deleteApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';

/** What became of each id: it is in exactly one of the lists. */
export interface Deletion {
  readonly deleted: readonly number[];
  /** What the API said to each that was deleted, without secrets. */
  readonly answers: readonly unknown[];
  /** There was no such key. */
  readonly absent: readonly number[];
  readonly failed: readonly FailedDeletion[];
  /** Not reached before the person interrupted. */
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

/** Deletes keys one after the other. All are tried, unless the person interrupts. */
export async function deleteKeys(
  client: Client,
  ids: readonly number[],
  observer: DeletionObserver,
): Promise<Deletion> {
  const deleted: number[] = [];
  const answers: unknown[] = [];
  const absent: number[] = [];
  const failed: FailedDeletion[] = [];
  const until = (reached: number, interruption?: VastaiError): Deletion => {
    const notTried = ids.slice(reached);
    return {
      deleted,
      answers,
      absent,
      failed,
      notTried,
      ...(interruption === undefined ? {} : { interruption }),
    };
  };
  for (const [at, id] of ids.entries()) {
    observer.onNext(at);
    try {
      const { raw } = await deleteApiKey(client, id);
      deleted.push(id);
      answers.push(raw);
      observer.onDeleted(id);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      const { code } = error;
      if (code === 'interrupted' && !outcomeUnknown(error)) return until(at, error);
      if (code === 'not_found') absent.push(id);
      else failed.push({ id, error });
      if (code === 'interrupted') return until(at + 1, error);
    }
  }
  return until(ids.length);
}

/** Whether a key may be gone although no answer says so. */
export function outcomeUnknown(error: VastaiError): boolean {
  return 'outcomeUnknown' in error && error.outcomeUnknown === true;
}
