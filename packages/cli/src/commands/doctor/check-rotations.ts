import type { Paths } from '@vastai-cli/core/internal/config/paths';
import { openRotations } from '@vastai-cli/core/internal/operations/rotate/open-rotations';
import { type Finding, info, problem } from './finding.js';

/** Reports rotations that are not finished, of all profiles. An old key that is kept on purpose is not a problem. */
export async function checkRotations(paths: Paths): Promise<Finding[]> {
  return (await openRotations(paths)).map(({ isKept, problem: { message, fix } }) =>
    isKept ? { ...info('rotation', message), fix } : problem('rotation', message, fix),
  );
}
