import { operationOfEndpoint } from '../catalogue/catalogue.js';
import { isCategory } from '../catalogue/categories.js';
import { type Access, apiOf, inEndpoint, isFullAccess, UNDOCUMENTED_KEYS } from '../decision/access.js';
import { unknownParts } from '../decision/unknown-parts.js';
import { type Fields, isObject } from '../json/json-object.js';
import { formatPath, pathTo } from '../json/json-path.js';
import { isSameValue } from '../json/same-value.js';
import { type AccessChange, compareAccess } from './access-change.js';

/** Finds changes to endpoints that are not in the catalogue, by category and name. */
export function endpointChanges(before: unknown, after: unknown): AccessChange[] {
  return categoriesOf(before, after).flatMap((category) =>
    unpublishedEndpoints(category, before, after).flatMap((name) => {
      const change = compareAccess(
        endpointAccess(before, category, name),
        endpointAccess(after, category, name),
      );
      return change === undefined
        ? []
        : [{ ...change, certain: false, subject: 'endpoint' as const, name, category }];
    }),
  );
}

/** Finds changes to full access, and to parts of a document whose effect is not documented. */
export function otherChanges(before: unknown, after: unknown): AccessChange[] {
  if (isFullAccess(before) !== isFullAccess(after)) {
    const full = isFullAccess(after);
    return [
      {
        change: full ? 'granted' : 'removed',
        certain: true,
        subject: 'other',
        name: '$',
        before: full ? 'a permission document' : 'full access',
        after: full ? 'full access' : 'a permission document',
      },
    ];
  }
  return unknownParts(before, after).flatMap((part) => {
    const change = partChange(part.before, part.after);
    return change === undefined
      ? []
      : [{ ...change, certain: false, subject: 'other' as const, name: formatPath(part.path) }];
  });
}

/** Compares a part. According to the documentation, adding one can only narrow access. Any other change may widen it. */
function partChange(
  before: unknown,
  after: unknown,
): Pick<AccessChange, 'change' | 'before' | 'after'> | undefined {
  if (isSameValue(before, after)) return undefined;
  if (before === undefined) return { change: 'narrowed', before: 'absent', after: 'present' };
  if (after === undefined) return { change: 'widened', before: 'present', after: 'absent' };
  return { change: 'widened', before: 'present', after: 'different' };
}

function categoriesOf(...documents: readonly unknown[]): string[] {
  return [...new Set(documents.flatMap((document) => Object.keys(apiOf(document) ?? {})))].filter(
    (category) => !UNDOCUMENTED_KEYS.has(category),
  );
}

/** Returns the endpoints to compare. In an unknown category these are all names, and `*` for the whole category. */
function unpublishedEndpoints(category: string, ...documents: readonly unknown[]): string[] {
  const names = documents.flatMap((document) => Object.keys(categoryNode(document, category) ?? {}));
  const endpoints = [...new Set(names)].filter(
    (name) =>
      !UNDOCUMENTED_KEYS.has(name) && (!isCategory(category) || operationOfEndpoint(name) === undefined),
  );
  return isCategory(category) ? endpoints : ['*', ...endpoints];
}

function categoryNode(document: unknown, category: string): Fields | undefined {
  const api = apiOf(document);
  const node = api !== undefined && Object.hasOwn(api, category) ? api[category] : undefined;
  return isObject(node) ? node : undefined;
}

function endpointAccess(document: unknown, category: string, name: string): Access {
  const granted: Access = { grant: 'allow', reason: '', at: undefined, conditions: [] };
  const refused: Access = { ...granted, grant: 'deny' };
  if (isFullAccess(document)) return granted;
  const node = categoryNode(document, category);
  if (node === undefined) return refused;
  const listed = Object.keys(node).filter((key) => !UNDOCUMENTED_KEYS.has(key));
  if (listed.length === 0) return granted;
  return Object.hasOwn(node, name) ? inEndpoint(node[name], name, pathTo(undefined, name)) : refused;
}
