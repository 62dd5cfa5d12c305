import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { forgetGone } from '@vastai-cli/core/internal/operations/ledger/expiries';

/** Forgets what is noted about deleted keys. A failure is only a warning: the keys are gone, which is what matters. */
export async function forgetDeleted(
  context: Context,
  deleted: readonly number[],
  warn: (text: string) => void,
): Promise<void> {
  await forgetGone(context, { origin: context.url.origin, deleted }).catch((error: unknown) => {
    if (!isVastaiError(error)) throw error;
    warn(`The notes about the deleted keys could not be removed. ${error.message}`);
  });
}
