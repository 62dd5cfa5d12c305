import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** Reads an id as the API gives it: a whole number from 1, in plain digits. It becomes part of a path. @throws UsageError */
export function parseKeyId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError('The id of an API key is a whole number, 1 or more.', [{ do: 'list-keys' }]);
}
