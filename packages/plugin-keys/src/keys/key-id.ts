import { UsageError } from '@vastai-cli/core/internal/base/errors';

/**
 * Parses the id of a key: a whole number from 1, in plain digits only, because it becomes part of a URL path.
 *
 * @throws UsageError for anything else.
 */
export function parseKeyId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError('The ID of an API key must be a whole number, 1 or more.', [{ do: 'list-keys' }]);
}
