import { deleteApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { isOutcomeUnknown } from '@vastai-cli/core/internal/api/unknown-outcome';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { ApiFlags } from '@vastai-cli/kit/command/api-command';
import type { Output } from '@vastai-cli/kit/render/output';
import { line } from '@vastai-cli/kit/result';

/** Holds the outcome for each id. Every id is in exactly one of the lists. */
export interface Deletion {
  readonly deleted: readonly number[];
  /** The API's response for each deleted key, without secrets. */
  readonly responses: readonly unknown[];
  /** The ids that no key has. */
  readonly absent: readonly number[];
  readonly failed: readonly FailedDeletion[];
  /** The ids that an interruption left untried. */
  readonly notTried: readonly number[];
  /** The error of the interruption, if one happened. */
  readonly interruption?: VastaiError;
}

export interface FailedDeletion {
  readonly id: number;
  readonly error: VastaiError;
}

/** Retries of a deletion after a 429. */
const RETRIES_WHEN_LIMITED = 20;

/**
 * Returns the flags of a command that deletes keys. The API counts the deletions of all programs together, so each of several
 * has to wait for its turn; only `--retry 0` asks for one attempt.
 */
export function inTurn(flags: ApiFlags): ApiFlags {
  return flags.retry === 0 ? flags : { ...flags, limitRetry: Math.max(flags.retry, RETRIES_WHEN_LIMITED) };
}

/**
 * Deletes keys one after the other. Tries all of them unless it is interrupted. Prints each key as soon as it is deleted,
 * so that a later failure cannot hide it. Shows the progress on a terminal, because the API requires an interval between
 * two deletions.
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
      output.step([line(`Deleted API key ${id}`)]);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      const { code } = error;
      if (code === 'interrupted' && !isOutcomeUnknown(error)) return until(at, error);
      if (code === 'not_found') absent.push(id);
      else failed.push({ id, error });
      if (code === 'interrupted') return until(at + 1, error);
    }
  }
  return until(ids.length);
}

/** Returns the progress line, with the time left once the pace is known. */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const text = `Deleting API keys: ${done} of ${total}`;
  // The API may accept the first deletions without a wait, so the pace is known only from the third.
  if (done < 3) return text;
  const seconds = Math.round((elapsedMs / done / 1000) * (total - done));
  if (seconds < 2) return text;
  return `${text}, about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
}
