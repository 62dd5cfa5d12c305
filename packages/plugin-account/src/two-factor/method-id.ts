import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** Parses the id of a method. @throws UsageError for anything but a whole number */
export function parseMethodId(text: string): number {
  if (/^[1-9]\d{0,14}$/u.test(text)) return Number(text);
  throw new UsageError('The ID of a method must be a whole number, as listed by "tfa status".');
}
