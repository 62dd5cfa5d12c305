import { timeLimitOf } from '../../base/time-limit.js';
import { KeychainError } from './errors.js';
import type { KeychainOptions } from './options.js';

const LIMIT_S = 3;
/** Time limit if a person may have to type the password of the keychain. */
const INTERACTIVE_LIMIT_S = 60;
const NOTICE_MS = 1000;

/**
 * Runs keychain work within the time limit.
 *
 * @param work must end everything that it started when the signal aborts
 * @throws UsageError if VASTAI_KEYCHAIN_TIMEOUT is not valid; KeychainError `keychain_timeout`.
 */
export async function withinLimit<T>(
  options: KeychainOptions,
  work: (signal: AbortSignal, limitMs: number) => Promise<T>,
): Promise<T> {
  const seconds = timeLimitOf(options.environment, options.interactive ? INTERACTIVE_LIMIT_S : LIMIT_S);
  const limitMs = seconds * 1000;
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The keychain did not respond within ${seconds} s; it may be locked, or its service may have hung.`;
      reject(new KeychainError('keychain_timeout', message));
      over.abort();
    }, limitMs);
  });
  const notice = setTimeout(() => {
    if (options.interactive) options.notify?.('Waiting for the keychain; it may be asking for its password.');
  }, NOTICE_MS);
  try {
    return await Promise.race([work(over.signal, limitMs), tooLate]);
  } finally {
    clearTimeout(timer);
    clearTimeout(notice);
  }
}
