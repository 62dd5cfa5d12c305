import { noSuchKey } from '@vastai-cli/core/internal/api/api-keys';
import { isOutcomeUnknown } from '@vastai-cli/core/internal/api/unknown-outcome';
import { VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { failureOf } from '@vastai-cli/kit/render/failure';
import { note, type Remark, type Result, warning } from '@vastai-cli/kit/result';
import type { Deletion, FailedDeletion } from './delete-keys.js';

/**
 * Returns the result for all keys. For a person it omits the deleted ones, which `deleteKeys` has printed. Its failure is
 * the interruption, otherwise the first error of a key, or `not_found` for a single key that does not exist.
 *
 * @param isList false to report on a single key as such
 */
export function deletionResult(deletion: Deletion, isList = totalOf(deletion) > 1): Result {
  const { deleted, responses, absent, failed, notTried } = deletion;
  const document = {
    deleted,
    absent,
    failed: failed.map(({ id, error }) => ({ id, error: failureOf(error).document.error })),
    ...(notTried.length === 0 ? {} : { not_tried: notTried }),
  };
  const failure = failureOfAll(deletion, isList);
  return {
    document,
    raw: isList ? responses : responses[0],
    human: [],
    remarks: remarksOn(deletion, failure, isList),
    ...(failure === undefined ? {} : { failure: withDetails(failure, { data: document }) }),
  };
}

/** Returns a remark for each key that was not deleted, except for the one that the failure is about. */
function remarksOn(deletion: Deletion, failure: VastaiError | undefined, isList: boolean): readonly Remark[] {
  const { absent, failed, notTried } = deletion;
  const isLast = failure?.code === 'not_found';
  const remarks = [
    ...(isLast ? [] : absent.map((id) => note(`API key ${id} does not exist.`))),
    ...failed.slice(endsWithFirst(deletion, isList) ? 1 : 0).map((one) => warning(whatBecameOf(one))),
    ...(notTried.length === 0 ? [] : [warning(`Not tried: ${notTried.join(' ')}`)]),
  ];
  return remarks.map((remark) => ({ ...remark, forPeople: true }));
}

function whatBecameOf({ id, error }: FailedDeletion): string {
  const outcome = isOutcomeUnknown(error) ? 'may have been deleted' : 'was not deleted';
  return `API key ${id} ${outcome}. ${error.message}`;
}

/** Returns the error of the command, or `undefined` if it succeeded. */
function failureOfAll(deletion: Deletion, isList: boolean): VastaiError | undefined {
  const { absent, failed, interruption } = deletion;
  const [first] = failed;
  if (interruption !== undefined) return isList ? interruptedAmong(deletion) : interruption;
  if (first !== undefined) {
    return isList ? withDetails(first.error, { message: whatBecameOf(first) }) : first.error;
  }
  return !isList && absent[0] !== undefined ? noSuchKey(absent[0], { status: 404 }) : undefined;
}

function totalOf({ deleted, absent, failed, notTried }: Deletion): number {
  return deleted.length + absent.length + failed.length + notTried.length;
}

/** Returns true if the command ends with the first error of a key, which then needs no remark. */
function endsWithFirst(deletion: Deletion, isList: boolean): boolean {
  return deletion.interruption === undefined || !isList;
}

function interruptedAmong(deletion: Deletion): VastaiError {
  const { deleted, absent, notTried } = deletion;
  const gone = deleted.length + absent.length;
  return new VastaiError(
    'interrupted',
    `Interrupted: ${gone} of ${totalOf(deletion)} API keys are gone, ${notTried.length} not tried.`,
    { hint: 'To continue, run the same command again: keys that are gone count as deleted.' },
  );
}
