import { UsageError } from '../base/errors.js';

/**
 * Encodes one segment of a path, so that a name can never lead to another route.
 *
 * @throws UsageError for what no encoding makes harmless: nothing, `.`, `..`, and half a character.
 */
export function segment(value: string | number): string {
  const text = String(value);
  if (text === '' || text === '.' || text === '..')
    throw new UsageError(`“${text}” cannot be a name or an id.`);
  try {
    return encodeURIComponent(text);
  } catch {
    throw new UsageError('A name or an id is not valid Unicode text.');
  }
}

/**
 * Builds the path of a request, each value percent-encoded as one segment, so that a name can never lead to another
 * route: ``path`/api/v0/team/roles/${name}/` ``.
 *
 * @throws UsageError for what no encoding makes harmless: nothing, `.`, `..`, and half a character.
 */
export function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, part, index) => text + segment(values[index - 1] ?? '') + part);
}
