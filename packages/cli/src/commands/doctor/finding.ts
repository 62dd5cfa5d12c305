import type { Guidance } from '@vastai-cli/core/internal/base/advice';
import { guidanceOf, isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';

/** Holds what the doctor says of one thing: a stable shape. */
export interface Finding {
  /** What was looked at: `program`, `plugin`, `settings`, `key`, `file`, `keychain`, `proxy`, … */
  readonly check: string;
  /** `info` is worth knowing and nothing is wrong. */
  readonly state: 'ok' | 'info' | 'problem';
  readonly message: string;
  /** What to do about it; as words and commands in what is printed. */
  readonly fix?: Guidance;
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message });
export const info = (check: string, message: string): Finding => ({ check, state: 'info', message });
export const problem = (check: string, message: string, fix: Guidance): Finding => ({
  check,
  state: 'problem',
  message,
  fix,
});

/** Returns what a check finds. One that fails finds just that, so that the report is whole. @throws what `expected` throws. */
export async function settled(check: string, look: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [failed(check, expected(error))];
  }
}

/** Returns an error that can be reported as a finding. @throws an interruption, and what nobody foresaw. */
export function expected(error: unknown): VastaiError {
  if (isVastaiError(error) && error.code !== 'interrupted') return error;
  throw error;
}

/** Makes the finding of an error, with what it advises; to try again, where it advises nothing. */
export function failed(check: string, error: VastaiError): Finding {
  const advice = guidanceOf(error);
  return problem(check, error.message, advice.length === 0 ? 'Try again.' : advice);
}
