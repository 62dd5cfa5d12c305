import type { FoundKey } from '@vastai-cli/core/internal/credentials/chain';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { openResets } from '@vastai-cli/core/internal/operations/reset/open-resets';
import type { Problem } from '@vastai-cli/core/internal/secrets/lookup';
import type { Verification } from './verify-key.js';

/**
 * Returns the resets whose outcome is not known, of all profiles. If the API has accepted or rejected the key that is sent, the
 * outcome of its reset is known, and is reported with that.
 */
export async function resetsToReport(
  { paths, profile }: Pick<Context, 'paths' | 'profile'>,
  winner: Pick<FoundKey, 'key' | 'source'> | undefined,
  { state }: Verification,
): Promise<Problem[]> {
  if (winner?.source.boundOrigin === undefined) return openResets(paths);
  const isAnswered = state === 'verified' || state === 'rejected' || state === 'two_factor';
  return openResets(paths, { profile: profile.name, key: winner.key, isAnswered });
}
