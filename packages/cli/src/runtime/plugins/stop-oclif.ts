import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';

/**
 * Runs the work of a hook, and makes sure that an error in it ends the command. oclif ignores an error of a hook that has no
 * exit status, or that has the code MODULE_NOT_FOUND: it would go on and install what the hook was to refuse.
 */
export async function stoppingOclif(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    const thrown = isMissing ? new VastaiError('internal', (error as Error).message) : (error as Error);
    const code = isVastaiError(thrown) ? thrown.code : 'internal';
    throw Object.assign(thrown, { oclif: { exit: EXIT_STATUS[code] } });
  }
}
