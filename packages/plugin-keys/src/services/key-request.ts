import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** A name that can be found again in a list. @throws UsageError */
export function requireName(text: string): string {
  const name = text.trim();
  if (name === '')
    throw new UsageError('The name of the key is empty.', 'Give it one with --name, to find the key again.');
  if (/\p{Cc}/u.test(name)) throw new UsageError('The name of the key has a control character inside.');
  return name;
}

/** `--key_params` as the object that the API documents. @throws UsageError when it is not one. */
export function readKeyParams(text: string | undefined): { keyParams?: Record<string, unknown> } {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { keyParams: value as Record<string, unknown> };
    }
  } catch {
    // What cannot be parsed is no object either.
  }
  throw new UsageError('--key_params is not a JSON object.', 'For example: --key_params \'{"id": 42}\'');
}
