import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { accessReader } from '../decision/access.js';
import { compareAccess, type FoundChange, isNew } from './access-change.js';
import type { Extents, Granted } from './extent.js';
import { witnessOf } from './witness.js';

interface Comparison {
  readonly was: Granted;
  readonly is: Granted;
  readonly change: ReturnType<typeof compareAccess>;
}

/** Finds the changes to operations in the catalogue. */
export function operationChanges(before: Extents, after: Extents): FoundChange[] {
  const compare = comparer(before, after);
  const found: FoundChange[] = [];
  for (const operation of OPERATIONS) {
    const { was, is, change } = compare(operation);
    if (change === undefined) continue;
    const { operation: name, category, endpoint } = operation;
    const request = isNew(change) ? witnessOf(operation, was, is) : undefined;
    found.push({
      ...change,
      subject: 'operation',
      name,
      category,
      endpoint,
      ...(request === undefined ? {} : { request }),
      ...(isNew(change) ? { at: is.access.at } : {}),
    });
  }
  return found;
}

/** Compares all operations of a category whose endpoint names are not published at once: documents say the same of them. */
function comparer(before: Extents, after: Extents): (operation: Operation) => Comparison {
  const [accessBefore, accessAfter] = [accessReader(before.document), accessReader(after.document)];
  const known = new Map<string, Comparison>();
  return (operation) => {
    const key = operation.endpoint ?? operation.category;
    const done = known.get(key);
    if (done !== undefined) return done;
    const was = { extent: before.operation(operation), access: accessBefore(operation) };
    const is = { extent: after.operation(operation), access: accessAfter(operation) };
    const comparison = { was, is, change: compareAccess(was, is) };
    known.set(key, comparison);
    return comparison;
  };
}
