import { adviceOf } from '@vastai-cli/core/internal/base/advice';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Change } from '@vastai-cli/core/internal/operations/migrate/step';

import { rendered } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';

/** Returns the failure of a migration that left two places with different keys; `undefined` where it did not. */
export function differentKeysError(
  changes: readonly Change[],
  applied: boolean,
  target: AdviceTarget,
): VastaiError | undefined {
  const different = changes.filter(({ fix }) => fix !== undefined);
  if (different.length === 0) return undefined;
  return new VastaiError('storage', different.map(({ from, note }) => sentence(from, note)).join(' '), {
    advice: different.flatMap(({ fix }) => adviceOf(fix)),
    data: { applied, changes: changes.map((change) => rendered(change, target)) },
  });
}

function sentence(from: string, note: string): string {
  return note.startsWith(from) ? note : `${from}: ${note}`;
}
