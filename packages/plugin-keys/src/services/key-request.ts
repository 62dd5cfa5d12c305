import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { type Fields, isObject } from '@vastai-cli/core/internal/base/json-object';

/** A name that can be found again in a list. @throws UsageError */
export function requireName(text: string): string {
  const name = text.trim();
  if (name === '')
    throw new UsageError('The name of the key is empty.', 'Give it one with --name, to find the key again.');
  if (/\p{Cc}/u.test(name)) throw new UsageError('The name of the key has a control character inside.');
  return name;
}

/** `--key_params` as the object that the API documents. @throws UsageError when it is not one. */
export function readKeyParams(text: string | undefined): { keyParams?: Fields } {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { keyParams: value };
  } catch {
    // What cannot be parsed is no object either.
  }
  throw new UsageError('--key_params is not a JSON object.', 'For example: --key_params \'{"id": 42}\'');
}
