import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { LOG_NOT_WHOLE, listAuditLogs } from '@vastai-cli/core/internal/api/audit-logs';
import { type KeyUse, keyUses } from '@vastai-cli/core/internal/api/key-uses';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { KeyToSend } from '@vastai-cli/core/internal/context/create-client';
import type { ProfileKeys } from '@vastai-cli/core/internal/context/profile-keys';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { notedIdOf } from '@vastai-cli/core/internal/credentials/noted-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { forgetGone, readExpiries } from '@vastai-cli/core/internal/operations/ledger/expiries';
import { readLedger } from '@vastai-cli/core/internal/operations/ledger/ledger';
import { usageOf } from '../../keys/key-usage.js';
import { protectedKeys } from './protected-keys.js';
import { chosenKeys, type DoomedKey, type KeptKey, type PruneCriteria, planPrune } from './prune-plan.js';

/** Holds what a prune works with. */
export interface PruneMeans {
  readonly context: Context;
  readonly found: AcquiredKey;
  readonly client: Client;
  /** Returns a client that sends the key of another profile. */
  connect(found: KeyToSend): Promise<Client>;
  /** Reads the keys of all profiles. */
  readProfiles(): Promise<ProfileKeys>;
}

/** Says what to delete, and what to keep although it was chosen. */
export interface PrunePlan {
  readonly doomed: readonly DoomedKey[];
  readonly kept: readonly KeptKey[];
  /** Every id of the account; undefined if the list has keys without one. */
  readonly ids: ReadonlySet<number> | undefined;
}

/**
 * Finds the keys to delete. Reads the keys of other profiles only if there is something to delete.
 *
 * @throws VastaiError if it cannot be found out which keys must stay.
 */
export async function findKeysToPrune(
  criteria: PruneCriteria,
  now: number,
  { context, found, client, connect, readProfiles }: PruneMeans,
): Promise<PrunePlan> {
  const ledger = await readLedger(context.paths);
  const expiries = await readExpiries(context.paths, context.url.origin);
  const { value, leftOut } = await listApiKeys(client);
  const isLogNeeded = criteria.unusedFor !== undefined;
  const uses = isLogNeeded ? await readUses(client) : undefined;
  const keys = value.map((key) => {
    const usage = usageOf(key, uses?.get(key.id), expiries.get(key.id));
    return { ...key, ...(isLogNeeded ? usage : { expires: usage.expires }) };
  });
  const ids = leftOut > 0 ? undefined : new Set(value.map(({ id }) => id));
  const chosen = chosenKeys(keys, criteria, now);
  if (chosen.length === 0) return { doomed: [], kept: [], ids };
  const known = {
    own: found.key,
    noted: notedIdOf(context.record, found.key),
    ledger,
    profiles: await readProfiles(),
  };
  const protection = await protectedKeys(known, client, connect);
  return { ...planPrune(chosen, value, protection), ids };
}

/**
 * Reads the uses of keys.
 *
 * @throws VastaiError if the log has calls, but names no key, or may have more of them, so that used keys would look unused.
 */
async function readUses(client: Client): Promise<ReadonlyMap<number, KeyUse>> {
  const { value, isWhole } = await listAuditLogs(client);
  if (!isWhole) throw new VastaiError('api_error', `${LOG_NOT_WHOLE} Nothing was deleted.`);
  const uses = keyUses(value);
  if (value.length === 0 || uses.size > 0) return uses;
  throw new VastaiError(
    'api_error',
    'The audit log does not say which keys made the calls. Nothing was deleted.',
  );
}

/** Forgets the dates of keys that are gone: deleted now, or no longer listed by the key that made them. */
export async function forgetPruned(
  { context, found }: Pick<PruneMeans, 'context' | 'found'>,
  ids: ReadonlySet<number> | undefined,
  gone: readonly number[],
): Promise<void> {
  const listed = ids && { by: found.key, ids };
  await forgetGone(context, { origin: context.url.origin, deleted: gone, ...(listed && { listed }) });
}
