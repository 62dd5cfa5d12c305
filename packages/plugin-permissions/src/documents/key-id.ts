import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** Reads the id of an API key. @throws UsageError if it is not a whole number. */
export function requireKeyId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError('The ID of an API key must be a whole number, 1 or more.', [{ do: 'list-keys' }]);
}
