import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';

/** Runs the work of a hook. Adds an exit status to an error, because oclif ignores errors of hooks without one. */
export async function stoppingOclif(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = isVastaiError(error) ? error.code : 'internal';
    throw Object.assign(error as Error, { oclif: { exit: EXIT_STATUS[code] } });
  }
}
