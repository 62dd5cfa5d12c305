import { deleteApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';
import { line } from '@vastai-cli/kit/result';

/** Tells what became of each id: it is in exactly one of the lists. */
export interface Deletion {
  readonly deleted: readonly number[];
  /** What the API said to each that was deleted, without secrets. */
  readonly responses: readonly unknown[];
  /** Ids without a key. */
  readonly absent: readonly number[];
  readonly failed: readonly FailedDeletion[];
  /** Ids that an interruption left. */
  readonly notTried: readonly number[];
  /** Why the work was interrupted, if it was. */
  readonly interruption?: VastaiError;
}

export interface FailedDeletion {
  readonly id: number;
  readonly error: VastaiError;
}

/**
 * Deletes keys one after the other. Tries all, unless the person interrupts. Names each as soon as it is deleted, so that
 * nothing that happens later hides it, and shows the progress on a terminal: the API requires some time between two.
 */
export async function deleteKeys(
  client: Client,
  ids: readonly number[],
  output: Pick<Output, 'step' | 'progress'>,
): Promise<Deletion> {
  const deleted: number[] = [];
  const responses: unknown[] = [];
  const absent: number[] = [];
  const failed: FailedDeletion[] = [];
  const until = (reached: number, interruption?: VastaiError): Deletion => {
    const notTried = ids.slice(reached);
    const why = interruption === undefined ? {} : { interruption };
    return { deleted, responses, absent, failed, notTried, ...why };
  };
  const began = performance.now();
  for (const [at, id] of ids.entries()) {
    if (ids.length > 1) output.progress(progressText(at, ids.length, performance.now() - began));
    try {
      const { raw } = await deleteApiKey(client, id);
      deleted.push(id);
      responses.push(raw);
      output.step(line(`Deleted API key ${id}`));
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

/** Returns whether a key may be gone although no response says so. */
export function outcomeUnknown(error: VastaiError): boolean {
  return 'outcomeUnknown' in error && error.outcomeUnknown === true;
}

/** Says how far the work is and, once that can be told, how long it will take. */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const text = `Deleting API keys: ${done} of ${total}`;
  // The first ones may pass without a wait; the pace is known from the third on.
  if (done < 3) return text;
  const seconds = Math.round((elapsedMs / done / 1000) * (total - done));
  if (seconds < 2) return text;
  return `${text}, about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
}
