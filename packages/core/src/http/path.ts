import { UsageError } from '../base/errors.js';

/**
 * Percent-encodes one segment of a path, so that a name never leads to another route.
 *
 * @throws UsageError for values that no encoding makes safe: an empty string, `.`, `..`, and half a surrogate pair.
 */
export function segment(value: string | number): string {
  const text = String(value);
  if (text === '' || text === '.' || text === '..')
    throw new UsageError(`“${text}” cannot be a name or an ID.`);
  try {
    return encodeURIComponent(text);
  } catch {
    throw new UsageError('A name or an ID is not valid Unicode.');
  }
}

/**
 * Builds the path of a request. It percent-encodes each value as one segment, so that a name never leads to another route:
 * ``path`/api/v0/team/roles/${name}/` ``.
 *
 * @throws UsageError for values that no encoding makes safe: an empty string, `.`, `..`, and half a surrogate pair.
 */
export function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, part, index) => text + segment(values[index - 1] ?? '') + part);
}
