import { requiredFor } from '@vastai-cli/permissions/authoring/required';
import { type Fields, fieldsOf, isObject } from '@vastai-cli/permissions/json/json-object';
import type { Call } from './call.js';

/** Says what to add to a permission document, so that it allows some calls. */
export interface Addition {
  /** Each as `CATEGORY[:ENDPOINT]`. */
  readonly grants: readonly string[];
  /** The categories as they have to be, as lines for inside `"api": { … }`. */
  readonly lines: readonly string[];
  /** Those of these categories that the document has already, so that they have to be replaced. */
  readonly replaces: readonly string[];
}

/**
 * Returns the narrowest addition that allows these calls, or undefined if nothing can be added to allow them.
 *
 * @param allows decides if a document allows a call: a document can have parts that override whatever is added
 */
export function additionFor(
  document: unknown,
  calls: readonly Call[],
  allows: (document: unknown, call: Call) => boolean,
): Addition | undefined {
  const before = fieldsOf(fieldsOf(document).api);
  let api = before;
  const grants = new Map<string, string>();
  for (const { method, target } of calls) {
    const { category = 'unknown', endpoint } = requiredFor(method, target.path) ?? {};
    if (category === 'unknown') return undefined;
    api = { ...api, [category]: widened(api[category], endpoint) };
    grants.set(endpoint === undefined ? category : `${category}:${endpoint}`, category);
  }
  const added = { ...fieldsOf(document), api };
  if (!calls.every((call) => allows(added, call))) return undefined;
  const categories = [...new Set(grants.values())];
  return {
    grants: [...grants.keys()],
    lines: linesOf(Object.fromEntries(categories.map((category) => [category, api[category]]))),
    replaces: categories.filter((category) => Object.hasOwn(before, category)),
  };
}

/** Returns a category with one more endpoint, or as a whole. */
function widened(category: unknown, endpoint: string | undefined): Fields {
  const isWhole = isObject(category) && Object.keys(category).length === 0;
  if (endpoint === undefined || isWhole) return {};
  return { ...fieldsOf(category), [endpoint]: {} };
}

/** Returns the fields of an object as lines, without those of its braces. */
function linesOf(fields: Fields): string[] {
  const lines = JSON.stringify(fields, null, 2).split('\n').slice(1, -1);
  return lines.map((line) => line.slice(2));
}
