import type { Guidance } from '@vastai-cli/core/internal/base/advice';
import { guidanceOf, isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';
import { type Finding, problem } from './finding.js';

/** What a check finds. One that fails finds just that, so that the report is whole. @throws what `expected` throws. */
export async function settled(check: string, look: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const known = expected(error);
    return [problem(check, known.message, adviceToGo(known))];
  }
}

/** An error that can be reported as a finding. @throws an interruption, and what nobody foresaw. */
export function expected(error: unknown): VastaiError {
  if (isVastaiError(error) && error.code !== 'interrupted') return error;
  throw error;
}

/** Returns what an error advises; to try again, where it advises nothing. */
export function adviceToGo(error: VastaiError): Guidance {
  const advice = guidanceOf(error);
  return advice.length === 0 ? 'Try again.' : advice;
}
