import { noSuchKey } from '@vastai-cli/core/internal/api/api-keys';
import { VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { failureOf } from '@vastai-cli/kit/render/failure';
import type { Output } from '@vastai-cli/kit/render/output';
import { type Deletion, type FailedDeletion, outcomeUnknown } from './delete-keys.js';

/**
 * Says what became of each key; the deleted ones a person has been told of already.
 *
 * @throws VastaiError for an interruption; else with the first failure; or `not_found` for a single key that is
 *   not there.
 */
export function reportDeletion(deletion: Deletion, output: Output): void {
  output.endProgress();
  const { deleted, answers, absent, failed, notTried } = deletion;
  const report = {
    deleted,
    absent,
    failed: failed.map(({ id, error }) => ({ id, error: failureOf(error).document.error })),
    ...(notTried.length === 0 ? {} : { not_tried: notTried }),
  };
  const failure = failureOfAll(deletion);
  if (output.format === 'human') tellOthers(deletion, failure, output);
  else if (failure === undefined)
    output.response({ value: report, raw: totalOf(deletion) > 1 ? answers : answers[0] });
  if (failure !== undefined) throw withDetails(failure, { data: report });
}

/** Everything but the deleted keys and the failure that is reported last. */
function tellOthers(deletion: Deletion, failure: VastaiError | undefined, output: Output): void {
  const { absent, failed, notTried } = deletion;
  if (failure?.code !== 'not_found') for (const id of absent) output.note(`API key ${id} was not there.`);
  for (const one of failed.slice(endsWithFirst(deletion) ? 1 : 0)) output.warn(whatBecameOf(one));
  if (notTried.length > 0) output.warn(`Not tried: ${notTried.join(' ')}`);
}

function whatBecameOf({ id, error }: FailedDeletion): string {
  const fate = outcomeUnknown(error) ? 'may be deleted or not' : 'was not deleted';
  return `API key ${id} ${fate}. ${error.message}`;
}

/** What the command ends with, if not with success. */
function failureOfAll(deletion: Deletion): VastaiError | undefined {
  const { absent, failed, interruption } = deletion;
  const total = totalOf(deletion);
  const [first] = failed;
  if (interruption !== undefined) return total === 1 ? interruption : interruptedAmong(deletion);
  if (first !== undefined) {
    return total === 1 ? first.error : withDetails(first.error, { message: whatBecameOf(first) });
  }
  return total === 1 && absent[0] !== undefined ? noSuchKey(absent[0], { status: 404 }) : undefined;
}

function totalOf({ deleted, absent, failed, notTried }: Deletion): number {
  return deleted.length + absent.length + failed.length + notTried.length;
}

/** Whether the first failure is what the command ends with, so that it need not be told before. */
function endsWithFirst(deletion: Deletion): boolean {
  return deletion.interruption === undefined || totalOf(deletion) === 1;
}

function interruptedAmong(deletion: Deletion): VastaiError {
  const { deleted, absent, notTried } = deletion;
  const gone = deleted.length + absent.length;
  return new VastaiError(
    'interrupted',
    `Interrupted: ${gone} of ${totalOf(deletion)} API keys are gone, ${notTried.length} were not tried.`,
    { hint: 'Run the same command again to go on: a key that is gone counts as done.' },
  );
}
