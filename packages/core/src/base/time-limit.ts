import type { Environment } from './environment.js';
import { UsageError } from './errors.js';

const LONGEST_S = 24 * 60 * 60;

/**
 * Returns the time limit of a keychain call or a key command, in seconds: VASTAI_KEYCHAIN_TIMEOUT, or else `otherwise`.
 *
 * @throws UsageError if VASTAI_KEYCHAIN_TIMEOUT is not more than 0 and at most 86,400 seconds.
 */
export function timeLimitOf(environment: Environment, otherwise: number): number {
  const text = environment.VASTAI_KEYCHAIN_TIMEOUT?.trim();
  if (text === undefined) return otherwise;
  const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0 && seconds <= LONGEST_S) return seconds;
  throw new UsageError(
    'VASTAI_KEYCHAIN_TIMEOUT is not a number of seconds.',
    'For example: VASTAI_KEYCHAIN_TIMEOUT=10',
  );
}
