import { isVastaiError, type VastaiError } from '@vastai-cli/core/errors';
import { type Finding, problem } from './finding.js';

/** What a check finds. One that fails finds just that, so that the report is whole. @throws what `foreseen` throws. */
export async function settled(check: string, look: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const { message, hint } = foreseen(error);
    return [problem(check, message, hint ?? 'Try again.')];
  }
}

/** An error that can be reported as a finding. @throws an interruption, and what nobody foresaw. */
export function foreseen(error: unknown): VastaiError {
  if (isVastaiError(error) && error.code !== 'interrupted') return error;
  throw error;
}
