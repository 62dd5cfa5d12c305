import { VastaiError } from '@vastai-cli/core/errors';
import type { Change } from '@vastai-cli/core/migration/step';

/** Returns the failure of a migration that left two places with different keys; `undefined` where it did not. */
export function differentKeysError(changes: readonly Change[], applied: boolean): VastaiError | undefined {
  const different = changes.filter(({ fix }) => fix !== undefined);
  if (different.length === 0) return undefined;
  return new VastaiError('storage', different.map(({ from, note }) => sentence(from, note)).join(' '), {
    hint: different.map(({ fix }) => fix).join('\n'),
    beside: { applied, changes },
  });
}

function sentence(from: string, note: string): string {
  return note.startsWith(from) ? note : `${from}: ${note}`;
}
