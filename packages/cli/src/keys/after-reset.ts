import { withDetails } from '@vastai-cli/core/internal/base/errors';
import type { FoundKey } from '@vastai-cli/core/internal/credentials/chain';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Verification } from './verify-key.js';

/** Adds to the rejection of a saved key that a reset of it was interrupted, and where the new key is. */
export async function explainAfterReset(
  verification: Verification,
  context: Context,
  { key, source }: Pick<FoundKey, 'key' | 'source'>,
): Promise<Verification> {
  if (verification.state !== 'rejected' || source.boundOrigin === undefined) return verification;
  const { adviceAfterReset } = await import('@vastai-cli/core/internal/operations/reset/lost-key');
  const { error } = verification;
  const advice = [...(await adviceAfterReset(context, key)), ...(error.advice ?? [])];
  return { ...verification, error: withDetails(error, { advice }) };
}
