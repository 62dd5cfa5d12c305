import type { Output } from '@vastai-cli/kit/render/output';
import type { DeletionObserver } from './delete-keys.js';

/**
 * Tells a person of each key when it is deleted, so that nothing that happens later hides it, and on a terminal
 * how far the work is: the API wants some time between two deletions.
 *
 * @param total how many keys there are to delete.
 */
export function deletionProgress(
  total: number,
  output: Output,
  now: () => number = () => performance.now(),
): DeletionObserver {
  const began = now();
  return {
    onNext(done) {
      if (total > 1) output.progress(progressText(done, total, now() - began));
    },
    onDeleted(id) {
      if (output.format === 'human') output.line(`Deleted API key ${id}`);
    },
  };
}

/** How far the work is and, once that can be told, how long it will take. */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const text = `Deleting API keys: ${done} of ${total}`;
  // The first ones may pass without a wait; the pace is known from the third on.
  if (done < 3) return text;
  const seconds = Math.round((elapsedMs / done / 1000) * (total - done));
  if (seconds < 2) return text;
  return `${text}, about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
}
