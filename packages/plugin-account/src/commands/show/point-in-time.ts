import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { parseDuration } from '@vastai-cli/kit/input/duration';

/**
 * Parses a point in the past: how long ago it was, such as `7d`, or a date, such as `2026-01-31` or `2026-01-31T12:00Z`. A date
 * without a time is its beginning in UTC.
 *
 * @param now seconds since 1970
 * @returns seconds since 1970
 * @throws UsageError for anything else
 */
export function parsePast(text: string, now: number, flag: string): number {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const isDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u.test(
    text,
  );
  const time = isDate ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time / 1000;
  throw new UsageError(
    `${flag} must be a duration or a date.`,
    `For example: ${flag} 7d  or  ${flag} 2026-01-31`,
  );
}
