import { createApiKey, type NewApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { compareGranted } from './compare-granted.js';
import type { MakingContext } from './making-context.js';
import { reportNewKey } from './report-new-key.js';
import { takeBackKey } from './take-back-key.js';

/**
 * Makes a key and prints it; one that came out wider than it was asked for is deleted again instead.
 *
 * @throws VastaiError `findings` for a key that was taken back, or should have been.
 */
export async function makeKey(asked: NewApiKey, making: MakingContext): Promise<void> {
  const created = await createApiKey(making.client, asked);
  const given = isObject(created.raw) ? created.raw.permissions : undefined;
  const granted = compareGranted(asked.permissions, given);
  if (granted.comparison === 'wider' && !making.keep)
    throw await takeBackKey(created.value.id, granted, making);
  await reportNewKey(created, granted, making);
}
