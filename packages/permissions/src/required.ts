import { findOperation } from './catalogue.js';
import type { Category } from './categories.js';

/** What a request needs of a permission document. */
export interface Requirement {
  /** The operation of the catalogue, such as `instance.destroy`. */
  readonly operation: string;
  /** `unknown` where no source gives one; then `lines` is empty. */
  readonly category: Category | 'unknown';
  /** Only where the endpoint name is published. */
  readonly endpoint?: string;
  /** The lines to add inside `"api": { … }` of a permission document, without a comma at the end. */
  readonly lines: readonly string[];
}

/**
 * What a request needs, to explain a refusal: the narrowest grant that can be written, which is one
 * endpoint where its name is published and a whole category elsewhere.
 *
 * @returns undefined for a route that the catalogue does not have
 */
export function requiredFor(method: string, path: string): Requirement | undefined {
  const found = findOperation(method, path);
  if (found === undefined) return undefined;
  const { operation, category, endpoint } = found.operation;
  if (category === 'unknown') return { operation, category, lines: [] };
  if (endpoint === undefined) return { operation, category, lines: [`"${category}": {}`] };
  return { operation, category, endpoint, lines: [`"${category}": {`, `  "${endpoint}": {}`, '}'] };
}
