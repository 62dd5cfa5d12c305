import { isSameSet } from '../decision/subset.js';
import { isObject } from '../json/json-object.js';
import { isSameValue } from '../json/same-value.js';
import { type Extents, endpointExtent, isDocumentedLeaf } from './extent.js';
import { membersOf } from './part.js';

/**
 * Returns true if two documents are the same value in any order of keys, apart from forms that surely mean the same:
 * conditions that the same values meet, and an endpoint with or without empty constraints.
 */
export function isSameDocument(before: Extents, after: Extents): boolean {
  if (before.isFull && after.isFull) return true;
  const whole = { path: undefined, before: before.document, after: after.document };
  if (before.api === undefined || after.api === undefined) return isSameValue(whole.before, whole.after);
  return membersOf(whole).every(
    (top) => isSameValue(top.before, top.after) || (top.key === 'api' && hasSameCategories(before, after)),
  );
}

function hasSameCategories(before: Extents, after: Extents): boolean {
  const api = { path: undefined, before: before.api, after: after.api };
  return membersOf(api).every(
    ({ key, before: was, after: is, path }) =>
      isSameValue(was, is) ||
      (isObject(was) &&
        isObject(is) &&
        membersOf({ path, before: was, after: is }).every(
          (leaf) =>
            isSameValue(leaf.before, leaf.after) ||
            (isDocumentedLeaf(leaf.before) &&
              isDocumentedLeaf(leaf.after) &&
              isSameLeaf(before, after, key, leaf.key)),
        )),
  );
}

function isSameLeaf(before: Extents, after: Extents, category: string, name: string): boolean {
  const [was, is] = [before, after].map((one) => endpointExtent(one.category(category), name));
  return was?.kind === 'granted' && is?.kind === 'granted' && isSameSet(was.conditions, is.conditions);
}
