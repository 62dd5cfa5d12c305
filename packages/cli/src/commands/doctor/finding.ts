import type { Guidance } from '@vastai-cli/core/internal/base/advice';
import { guidanceOf, isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';

/** Holds one finding of `doctor`. Its shape is stable: `--json` prints it. */
export interface Finding {
  /** The subject of the check: `program`, `path`, `plugin`, `settings`, `key`, `file`, `keychain`, `proxy`, … */
  readonly check: string;
  /** `info` is worth knowing, but not a problem. */
  readonly state: 'ok' | 'info' | 'problem';
  readonly message: string;
  /** The steps that fix it. Printed as sentences and commands. */
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

/** Runs a check. An expected error becomes its finding, so that the report is complete. @throws what `expected` throws. */
export async function settled(check: string, look: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [failed(check, expected(error))];
  }
}

/** Returns an error that can be reported as a finding. @throws any other error, and interruptions. */
export function expected(error: unknown): VastaiError {
  if (isVastaiError(error) && error.code !== 'interrupted') return error;
  throw error;
}

/** Turns an error into a finding with its advice; without any, the advice is to try again. */
export function failed(check: string, error: VastaiError): Finding {
  const advice = guidanceOf(error);
  return problem(check, error.message, advice.length === 0 ? 'Try again.' : advice);
}
