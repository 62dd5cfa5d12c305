import { ApiError, restate, type VastaiError } from '@vastai-cli/core/errors';
import { failureOf } from '@vastai-cli/kit/failure';
import type { Output } from '@vastai-cli/kit/output';
import type { Deletion } from './delete-keys.js';

/**
 * Says what became of each key.
 *
 * @throws VastaiError with the first failure; or `not_found` for a single key that is not there.
 */
export function reportDeletion({ deleted, absent, failed }: Deletion, output: Output): void {
  const report = {
    deleted,
    absent,
    failed: failed.map(({ id, error }) => ({ id, error: failureOf(error).document.error })),
  };
  const first = failed[0];
  const failure = first === undefined ? absentAlone(deleted, absent) : first.error;
  if (output.format === 'human') {
    for (const id of deleted) output.line(`Deleted API key ${id}`);
    if (failure?.code !== 'not_found') for (const id of absent) output.note(`API key ${id} was not there.`);
    for (const { id, error } of failed.slice(1))
      output.warn(`API key ${id} was not deleted. ${error.message}`);
  } else if (failure === undefined) {
    output.json(report);
  }
  if (failure === undefined) return;
  const several = failed.length + deleted.length + absent.length > 1;
  const message = several ? `API key ${first?.id} was not deleted. ${failure.message}` : failure.message;
  throw restate(failure, { message, beside: report });
}

function absentAlone(deleted: readonly number[], absent: readonly number[]): VastaiError | undefined {
  const [id, ...others] = absent;
  if (id === undefined || others.length > 0 || deleted.length > 0) return undefined;
  return new ApiError('not_found', `There is no API key ${id}.`, {
    status: 404,
    hint: 'List the keys with: vastai show api-keys',
  });
}
