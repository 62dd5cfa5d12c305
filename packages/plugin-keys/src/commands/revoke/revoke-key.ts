import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import type { Advice } from '@vastai-cli/core/internal/base/advice';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { ApiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { KEYS_PAGE } from '@vastai-cli/core/internal/base/keys-page';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import type { Output } from '@vastai-cli/kit/render/output';
import { type Part, type Result, table, warning } from '@vastai-cli/kit/result';
import { forgetDeleted } from '../../keys/forget-deleted.js';
import { keyColumns } from '../show/key-columns.js';
import { deleteTraced } from './delete-traced.js';
import { description, findRecord, nameOf, unlessRefused } from './describe-key.js';
import { type Places, placesOf, warningOf, whatNext } from './places-of-key.js';
import { traceKey } from './trace-key.js';

/** Holds what is needed to revoke a key. */
export interface Revocation {
  /** The key to revoke. */
  readonly key: ApiKey;
  readonly context: Context;
  /** The key in use, if there is one for this API. */
  readonly used: AcquiredKey | undefined;
  /** Sends the key to revoke, and no other. */
  readonly own: Client;
  /** Sends the key in use; `undefined` if there is none, or it is the one to revoke. */
  readonly ofRun: Client | undefined;
  /** Prints what is known about the key; `undefined` if nobody reads it. */
  readonly output: Pick<Output, 'note' | 'warn'> | undefined;
  step(parts: readonly Part[]): void;
  readonly target: AdviceTarget;
  /** @throws VastaiError if the answer is no */
  ask(question: string): Promise<void>;
}

/**
 * Deletes a key whose value is known.
 *
 * @throws ApiError `not_found` if the API does not know the key; `api_error` for a primary key. Nothing is then deleted.
 */
export async function revokeKey(revocation: Revocation): Promise<Result> {
  const { key, context, used, own, ofRun, output, step, target, ask } = revocation;
  const traced = await traceKey(own, key, context);
  if (traced.state === 'untraceable') return untraceable(traced.error, ofRun);
  const id = traced.state === 'found' ? traced.id : undefined;
  const places = await placesOf(key, id, context, used);
  if (traced.state === 'unknown') throw unknown(traced.error, revocation, places);
  const described = await findRecord(traced.id, own, ofRun);
  if (output !== undefined) {
    output.note(await description(described));
    if (ofRun !== undefined && described.client === own)
      output.note('The key in use cannot see this key, so this key deletes itself.');
    const where = warningOf(places);
    if (where !== undefined) output.warn(where);
  }
  if (described.isPrimary) throw primary(undefined, key, places);
  await ask(`Delete API key ${nameOf(described)} (${key})? Everything that uses it stops working.`);
  const result = await deleteTraced(traced.id, described.client, own, step);
  const failure = result.failure;
  const isGone = failure === undefined || failure.code === 'not_found';
  const remarks = isGone ? whatNext(places, target).map(warning) : [];
  if (isGone) await forgetDeleted(context, [traced.id], (text) => remarks.push(warning(text)));
  const isPrimary = failure?.code === 'api_error' && /primary/iu.test(failure.message);
  return {
    ...result,
    remarks: [...(result.remarks ?? []), ...remarks],
    ...(isPrimary ? { failure: primary(failure, key, places) } : {}),
  };
}

/** Returns the error for a key that the API rejects, with what is still to do here. */
function unknown(error: VastaiError, { key, context, target }: Revocation, places: Places): VastaiError {
  return new ApiError(
    'not_found',
    `The API (${context.url.origin}) does not know the key ${key}: it is already revoked, or never belonged to this API.`,
    {
      ...(error.status === undefined ? {} : { status: error.status }),
      hint: whatNext(places, target).join('\n'),
    },
  );
}

/** Returns the error for the primary key of an account. */
function primary(error: VastaiError | undefined, key: ApiKey, { profiles }: Places): VastaiError {
  const [profile] = profiles;
  const purpose = 'Only a reset replaces it';
  const advice: readonly Advice[] =
    profile === undefined
      ? [{ do: 'say', text: `${purpose}: set VAST_API_KEY to this key, then run: vastai reset api-key` }]
      : [{ do: 'reset-key', profile, purpose }];
  const message = `The key ${key} is the primary key of its account, which cannot be deleted. It still works.`;
  return error === undefined
    ? new ApiError('api_error', message, { advice })
    : withDetails(error, { message: `${message} ${error.message}`, advice });
}

/** Lists the keys of the account of the key in use, since nothing says which one it is. */
async function untraceable(error: VastaiError, ofRun: Client | undefined): Promise<Result> {
  const message = `${error.message} Nothing was deleted.`;
  const keys = ofRun === undefined ? undefined : (await unlessRefused(listApiKeys(ofRun)))?.value;
  if (ofRun === undefined || keys === undefined)
    throw withDetails(error, { message, hint: `Look for it at ${KEYS_PAGE}` });
  const hint = `If it belongs to this account, it is in the list. Delete it by its ID: ${ofRun.command('delete api-key ID')}`;
  return {
    document: { keys },
    human: [table(keyColumns, keys)],
    failure: withDetails(error, { message, hint, data: { keys } }),
  };
}
