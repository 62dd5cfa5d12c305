import { withDetails } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { note, type Remark, type Result, sentence, table } from '@vastai-cli/kit/result';
import { count } from '@vastai-cli/permissions/json/count';
import type { Deletion, FailedDeletion } from '../delete/delete-keys.js';
import { deletionResult } from '../delete/deletion-result.js';
import { dateOf } from '../show/key-columns.js';
import type { DoomedKey, KeptKey, KeptReason } from './prune-plan.js';

const REASONS: Readonly<Record<KeptReason, string>> = {
  in_use: 'it is the key in use',
  primary: 'it is the primary key of the account',
  not_user_created: 'Vast.ai created it',
  profile: 'a profile on this machine uses it',
  rotation: 'an unfinished rotation needs it',
  run: 'a program that vastai started may be using it',
};

/** Returns the result of a prune: that of the deletion, with the keys that were kept. */
export function pruneResult(deletion: Deletion, kept: readonly KeptKey[]): Result {
  const refused = deletion.failed.flatMap((one) => refusalOf(one) ?? []);
  const isRefused = ({ id }: FailedDeletion) => refused.some((one) => one.id === id);
  const failed = deletion.failed.filter((one) => !isRefused(one));
  const all = [...kept, ...refused];
  const { document, failure, remarks = [], ...rest } = deletionResult({ ...deletion, failed }, true);
  const whole = { ...(document as object), kept: all };
  return {
    ...rest,
    document: whole,
    remarks: [...keptRemarks(all), ...remarks],
    ...(failure === undefined ? {} : { failure: withDetails(failure, { data: whole }) }),
  };
}

/** Returns the result if there is nothing to delete. */
export function nothingToPrune(kept: readonly KeptKey[]): Result {
  return {
    document: { deleted: [], absent: [], failed: [], kept },
    raw: [],
    human: [sentence('No keys to delete.')],
    remarks: keptRemarks(kept),
  };
}

/** Returns the result of `--dry-run`. */
export function prunePreview(doomed: readonly DoomedKey[], kept: readonly KeptKey[]): Result {
  const ids = doomed.map(({ key }) => key.id);
  return {
    document: { deleted: [], absent: [], failed: [], kept, would_delete: ids },
    human: [
      table(
        [
          { title: 'ID', value: ({ key }) => String(key.id) },
          { title: 'NAME', value: ({ key }) => key.name ?? '', shrinks: true },
          { title: 'WHY', value: whyOf },
        ],
        doomed,
      ),
    ],
    remarks: [...keptRemarks(kept), forPeople(`${count(ids.length, 'key')} to delete. Nothing was deleted.`)],
  };
}

/** Names a key in the question, with what is known about its use. */
export function nameInQuestion(one: DoomedKey): string {
  const { id, name } = one.key;
  return `${id}${name === null ? '' : ` "${serverText(name)}"`} (${whyOf(one)})`;
}

function whyOf({ key, cause }: DoomedKey): string {
  if (cause === 'expired') return `expired ${dateOf(key.expires ?? null)}`;
  if (cause === 'unused') return `last used ${dateOf(key.last_used ?? null)}`;
  return `not seen, created ${dateOf(key.created_at)}`;
}

/** Returns a key that the API does not delete for anybody, as one that was kept. Both sentences are in its documentation. */
function refusalOf({ id, error }: FailedDeletion): KeptKey | undefined {
  if (error.status !== 400) return undefined;
  if (/\bprimary key\b/iu.test(error.message)) return { id, reason: 'primary' };
  if (/\bonly user-created\b/iu.test(error.message)) return { id, reason: 'not_user_created' };
  return undefined;
}

function keptRemarks(kept: readonly KeptKey[]): Remark[] {
  return kept.map(({ id, reason }) => forPeople(`Kept API key ${id}: ${REASONS[reason]}.`));
}

function forPeople(text: string): Remark {
  return { ...note(text), forPeople: true };
}
