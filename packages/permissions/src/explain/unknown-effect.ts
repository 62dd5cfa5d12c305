import { isCategory } from '../catalogue/categories.js';
import { apiOf, isFullAccess, UNDOCUMENTED_KEYS } from '../decision/access.js';
import { fieldsOf } from '../json/json-object.js';
import { quote } from '../json/quote.js';

/**
 * Returns why the effect of a document as a whole is unknown, to follow a colon, or undefined if it is not: the document
 * has no "api" with categories, or a name in it looks like a pattern.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function unknownAsAWhole(document: unknown): string | undefined {
  if (isFullAccess(document)) return undefined;
  const api = apiOf(document);
  if (api === undefined) return 'it has no "api" with categories';
  const names = Object.keys(api).filter((name) => !UNDOCUMENTED_KEYS.has(name));
  if (names.length === 0) return 'Vast.ai does not say what an "api" without categories allows';
  return names.some(isCategory) ? undefined : 'it has none of the documented categories';
}

/** Returns the first name in a document that looks like a pattern, such as `*`, at any level above constraints. */
export function patternIn(document: unknown): string | undefined {
  for (const [category, node] of Object.entries(apiOf(document) ?? {})) {
    const name = [category, ...Object.keys(fieldsOf(node))].find(looksLikePattern);
    if (name !== undefined) return quote(name);
  }
  return undefined;
}

function looksLikePattern(name: string): boolean {
  return name === '' || /[^\w.-]/u.test(name) || name.endsWith('.');
}
