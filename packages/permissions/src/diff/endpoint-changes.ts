import { operationOfEndpoint } from '../catalogue/catalogue.js';
import { isCategory } from '../catalogue/categories.js';
import { pathTo } from '../json/json-path.js';
import { isSameValue } from '../json/same-value.js';
import { compareAccess, type FoundChange, isNew } from './access-change.js';
import {
  type CategoryExtent,
  type Extents,
  endpointExtent,
  type Granted,
  isDocumentedLeaf,
} from './extent.js';

/**
 * Finds changes to endpoints that are not in the catalogue, by category and name. In an unknown category, all endpoints
 * are such, and `*` is the whole category.
 */
export function endpointChanges(before: Extents, after: Extents): FoundChange[] {
  const categories = new Set([...before.categoryNames(), ...after.categoryNames()]);
  return [...categories].flatMap((category) =>
    inCategory(category, before.category(category), after.category(category)),
  );
}

function inCategory(category: string, before: CategoryExtent, after: CategoryExtent): FoundChange[] {
  const found: FoundChange[] = [];
  const compare = (name: string, was: Granted, is: Granted): void => {
    const access = compareAccess(was, is);
    if (access === undefined) return;
    const { change, before: from, after: to } = access;
    const at = isNew(access) ? is.access.at : undefined;
    found.push({
      change,
      certain: false,
      before: from,
      after: to,
      subject: 'endpoint',
      name,
      category,
      at,
    });
  };
  const isKnown = isCategory(category);
  if (!isKnown) compare('*', wholeOf(before), wholeOf(after));
  for (const name of new Set([...before.endpoints.keys(), ...after.endpoints.keys()])) {
    if (isKnown && operationOfEndpoint(name)?.category === category) continue;
    const isInBoth = before.endpoints.has(name) && after.endpoints.has(name);
    if (isInBoth && isSameValue(before.endpoints.get(name), after.endpoints.get(name))) continue;
    compare(name, endpointOf(before, name), endpointOf(after, name));
  }
  return found;
}

/** Returns what a document grants for a whole category: all of it, or nothing beyond the endpoints that it lists. */
function wholeOf({ whole, at }: CategoryExtent): Granted {
  if (whole === 'no') return { extent: { kind: 'nothing' }, access: { grant: 'deny', at } };
  const grant = whole === 'yes' ? 'allow' : 'unknown';
  return { extent: { kind: 'granted', conditions: [] }, access: { grant, at } };
}

function endpointOf(category: CategoryExtent, name: string): Granted {
  const { whole, endpoints, at } = category;
  if (whole !== 'no' || !endpoints.has(name))
    return { ...wholeOf(category), extent: endpointExtent(category, name) };
  const grant = isDocumentedLeaf(endpoints.get(name)) ? 'allow' : 'unknown';
  return { extent: endpointExtent(category, name), access: { grant, at: pathTo(at, name) } };
}
