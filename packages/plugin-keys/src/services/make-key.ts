import { createApiKey, type NewApiKey } from '@vastai-cli/core/api/api-keys';
import type { Client } from '@vastai-cli/core/api/client';
import { isObject } from '@vastai-cli/core/json-object';
import type { Session } from '@vastai-cli/core/session';
import type { Output } from '@vastai-cli/kit/output';
import { compareGranted } from './compare-granted.js';
import { reportNewKey } from './report-new-key.js';
import { takeBackKey } from './take-back-key.js';

export interface MakingContext {
  readonly session: Session;
  readonly client: Client;
  /** One that the first signal does not stop, to take the key back with. */
  readonly patientClient: Client;
  readonly output: Output;
  readonly interruption: AbortSignal;
  /** Whether a key is kept that may do more than was asked for. */
  readonly keep: boolean;
}

/**
 * Makes a key and prints it; one that came out wider than it was asked for is deleted again instead.
 *
 * @throws VastaiError `findings` for a key that was taken back, or should have been.
 */
export async function makeKey(asked: NewApiKey, context: MakingContext): Promise<void> {
  const created = await createApiKey(context.client, asked);
  const given = isObject(created.raw) ? created.raw.permissions : undefined;
  const granted = compareGranted(asked.permissions, given);
  if (granted.comparison === 'wider' && !context.keep)
    throw await takeBackKey(created.value.id, granted, context);
  await reportNewKey(created, granted, context);
}
