import { listApiKeys, noSuchKey } from '@vastai-cli/core/internal/api/api-keys';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import { requireRoomForSave } from '@vastai-cli/core/internal/config/room-for-save';
import { readSettings } from '@vastai-cli/core/internal/config/settings';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { notedIdOf } from '@vastai-cli/core/internal/credentials/noted-key';
import { otherProfilesWith, profilesWith } from '@vastai-cli/core/internal/credentials/profiles-with-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { entriesOf, type RotationEntry } from '@vastai-cli/core/internal/operations/ledger/entries';
import { readLedger } from '@vastai-cli/core/internal/operations/ledger/ledger';
import { openRotations } from '@vastai-cli/core/internal/operations/rotate/open-rotations';
import {
  beginRotation,
  hasNewKey,
  isKeptLonger,
  isRotationOf,
  takeUpRotation,
} from '@vastai-cli/core/internal/operations/rotate/rotate';
import {
  adviceToFinish,
  adviceToResume,
  type RotationContext,
} from '@vastai-cli/core/internal/operations/rotate/rotation';
import { matchesFingerprint } from '@vastai-cli/core/internal/secrets/fingerprint';
import { adviceText } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { note, type Result, warning } from '@vastai-cli/kit/result';
import { compareKeys } from './compare-keys.js';
import { type KeyToRotate, keyToRotate } from './key-to-rotate.js';
import { readForRotation, requireRotatable } from './refusals.js';
import { planOf, planOfOpen } from './rotation-plan.js';
import { nothingOpen, rotationResult } from './rotation-result.js';

/** Says what to do about a key: `resume` and `finish` only go on with an open rotation. */
export interface Wanted {
  readonly id: number | undefined;
  readonly how: 'rotate' | 'resume' | 'finish';
  /** Seconds for which to keep the old key. */
  readonly grace: number | undefined;
  readonly dryRun: boolean;
}

/** Holds what a rotation needs of the command. */
export interface Means {
  readonly context: Context;
  readonly found: AcquiredKey;
  /** Sends the key of this run. */
  readonly client: Client;
  clientOf(key: ApiKey): Promise<Client>;
  readonly signal: AbortSignal;
  /** Says what suggested commands need flags for. */
  readonly target: AdviceTarget;
}

/**
 * Rotates a key, or goes on with a rotation that is open. Call it under the lock of rotations, with a key that was looked up
 * under it.
 *
 * @throws VastaiError with the reason if the key cannot be rotated; nothing is then made.
 */
export async function rotateKey(wanted: Wanted, means: Means): Promise<Result> {
  const { found, client } = means;
  // A key from a flag or a variable needs no settings, which may be unreadable.
  const isSaved = found.source.boundOrigin !== undefined;
  const context = isSaved ? await means.context.reopen() : means.context;
  const target = await keyToRotate(wanted.id, context, found, client);
  const rotation: RotationContext = {
    ...means,
    context,
    id: target.id,
    key: found.key,
    store: target.store,
    compare: compareKeys,
    grace: wanted.grace,
  };
  const entries = await rotationsAt(context);
  const open = openRotation(entries, rotation, wanted.how);
  if (open !== undefined) {
    if (wanted.dryRun) return planOfOpen(open, wanted.how, rotation);
    const result = await goOn(wanted, rotation, open);
    if (result !== undefined) return result;
  }
  if (wanted.how !== 'rotate') return nothingOpen(await openRotations(context.paths), means.target);
  requireNotOpenElsewhere(entries, rotation);
  return rotateAnew(wanted, rotation, target, means.target);
}

/** Goes on with an open rotation. Returns its result, or `undefined` if it is closed and another may begin. */
async function goOn(
  { how }: Wanted,
  rotation: RotationContext,
  open: RotationEntry,
): Promise<Result | undefined> {
  const { context, client } = rotation;
  const isSaved = hasNewKey(open, rotation);
  const now = how === 'finish';
  const isKept = !now && isKeptLonger(open, rotation);
  if (!isKept) await requireNoOther(context, open, isSaved);
  const ended = await takeUpRotation(rotation, open, now);
  if (ended === undefined) return undefined;
  const result = rotationResult(ended, context, client);
  if (how !== 'rotate' || !isSaved || open.finish_after === undefined) return result;
  // What was kept on purpose is only the end of the rotation before.
  if (ended.deleted) return undefined;
  const text = `API key ${open.old.id} was already replaced. No other key was created, because its rotation must finish first.`;
  return { ...result, remarks: [warning(text), ...(result.remarks ?? [])] };
}

async function rotateAnew(
  { grace, dryRun }: Wanted,
  rotation: RotationContext,
  { id, ownId, store }: KeyToRotate,
  target: AdviceTarget,
): Promise<Result> {
  const { context, client, key } = rotation;
  const list = await readForRotation(listApiKeys(client));
  const record = list.value.find((one) => one.id === id);
  if (record === undefined) throw noSuchKey(id, {});
  requireRotatable(
    list,
    record,
    list.value.find((one) => one.id === ownId),
  );
  if (store !== undefined && grace === undefined) await requireOnlyHere(context, id, key);
  if (dryRun) return planOf(record, undefined, store, context, grace === undefined ? 'rotate' : 'keep');
  await requireRoomForSave(context.paths);
  const result = rotationResult(await beginRotation(rotation, record, list.value), context, client);
  return store === undefined ? withProfiles(result, rotation, target) : result;
}

async function rotationsAt({ paths, url }: Context): Promise<RotationEntry[]> {
  return entriesOf(await readLedger(paths), 'rotation').filter(({ origin }) => origin === url.origin);
}

/**
 * Finds the open rotation of the key in use, which may be its old or its new key by now. To go on with what is left of a
 * rotation, it may be about another key.
 */
function openRotation(
  entries: readonly RotationEntry[],
  rotation: RotationContext,
  how: Wanted['how'],
): RotationEntry | undefined {
  const { context, id, store } = rotation;
  if (store === undefined) return entries.find(({ profile, old }) => profile === null && old.id === id);
  const own = entries.filter(({ profile }) => profile === context.profile.name);
  return own.find((entry) => isRotationOf(entry, rotation)) ?? (how === 'rotate' ? undefined : own[0]);
}

/** @throws UsageError if a rotation of the same key is open in another profile: each would delete it, and make a new one */
function requireNotOpenElsewhere(entries: readonly RotationEntry[], rotation: RotationContext): void {
  const { id, key, store, context } = rotation;
  const entry = entries.find(
    ({ profile, old }) =>
      (store === undefined || profile !== context.profile.name) &&
      (old.id === id || matchesFingerprint(old.fingerprint, key)),
  );
  if (entry === undefined) return;
  const where = entry.profile === null ? '' : ` in profile "${entry.profile}"`;
  if (entry.next !== 'delete')
    throw new UsageError(`The rotation of API key ${id}${where} is not finished. Nothing was changed.`, [
      adviceToResume(entry),
    ]);
  throw new UsageError(
    `API key ${id} was replaced by ${entry.new.id}${where}. Nothing was changed.`,
    store === undefined
      ? [adviceToFinish(entry)]
      : [{ do: 'save-key', purpose: 'Save the new key here too' }],
  );
}

/** Names the profiles that have the old key of a rotation whose new key is printed. */
async function withProfiles(
  result: Result,
  rotation: RotationContext,
  target: AdviceTarget,
): Promise<Result> {
  // The new key exists by now, and has to be printed whatever the settings are like.
  const profiles = await profilesWithOld(rotation).catch((error: unknown) => {
    if (!isVastaiError(error)) throw error;
    return [];
  });
  const remarks = profiles.map((profile) => {
    const purpose = `Profile "${profile}" still has the old key. Save the new one there`;
    return note(adviceText([{ do: 'save-key', profile, purpose }], target));
  });
  return { ...result, remarks: [...(result.remarks ?? []), ...remarks] };
}

async function profilesWithOld({ context, id }: RotationContext): Promise<string[]> {
  const { profiles } = await readSettings(context.paths);
  const isKey = (one: ApiKey) => Object.values(profiles).some((record) => notedIdOf(record, one) === id);
  return profilesWith(context, { id, isKey });
}

/** @throws UsageError if another profile has the key, which would stop working there */
async function requireOnlyHere(context: Context, id: number, key: ApiKey): Promise<void> {
  const [other] = await otherProfilesWith(context, { id, key, isKey: (one) => one.equals(key) });
  if (other === undefined) return;
  throw new UsageError(
    `Profile "${other}" has the same key, which would stop working there. Nothing was changed.`,
    [{ do: 'rotate-key', how: 'keep', purpose: 'Keep the old key until the new one is saved in both' }],
  );
}

/** @throws UsageError if another profile still has the old key, which is about to be deleted */
async function requireNoOther(context: Context, { old }: RotationEntry, isSaved: boolean): Promise<void> {
  const isKey = (one: ApiKey) => matchesFingerprint(old.fingerprint, one);
  const [other] = await otherProfilesWith(context, { id: old.id, isKey });
  if (other === undefined) return;
  throw new UsageError(
    `Profile "${other}" still has the old key ${old.id}, which would stop working there. Nothing was changed.`,
    isSaved
      ? [{ do: 'save-key', profile: other, purpose: 'Save the new key there first' }]
      : [{ do: 'rotate-key', how: 'keep', purpose: 'Keep the old key until the new one is saved in both' }],
  );
}
