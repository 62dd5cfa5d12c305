import { fieldsOf, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { isSameValue } from '../json/same-value.js';
import { isUnlimited } from './extent.js';
import type { SeenChanges } from './seen-changes.js';

/** Holds a part of two documents. Undefined in a document that does not have it. */
export interface Part {
  /** Undefined for the document as a whole. */
  readonly path: Path | undefined;
  readonly before: unknown;
  readonly after: unknown;
}

/** A part that differs, and what that may do to access. */
export interface PartChange extends Part {
  readonly change: 'widened' | 'narrowed';
}

/** Returns every member that at least one of the two has, with its key. */
export function membersOf({ path, before, after }: Part): (Part & { readonly key: string })[] {
  const [left, right] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => ({
    key,
    path: pathTo(path, key),
    before: Object.hasOwn(left, key) ? left[key] : undefined,
    after: Object.hasOwn(right, key) ? right[key] : undefined,
  }));
}

export function differs({ before, after }: Part): boolean {
  return !isSameValue(before, after);
}

export function isInBoth({ before, after }: Part): boolean {
  return before !== undefined && after !== undefined;
}

/** Says what a changed `constraints` or `params` may do. Adding one narrows access, except where more is granted too. */
export function limitChange({ before }: Part, grew: boolean): PartChange['change'] {
  return before === undefined && !grew ? 'narrowed' : 'widened';
}

/**
 * Compares a value that both documents have, and that is not an object in at least one. Leaves out what the changes to
 * operations and endpoints show.
 *
 * @param steps the category, and the endpoint
 */
export function formChange(part: Part, seen: SeenChanges, ...steps: readonly string[]): PartChange[] {
  const [was, is] = [isObject(part.before), isObject(part.after)];
  if ((was && is) || !differs(part)) return [];
  if (!was && !is) return [{ ...part, change: 'widened' }];
  if (!was) return seen.isNew(...steps) ? [] : [{ ...part, change: 'widened' }];
  return seen.any(...steps) ? [] : [{ ...part, change: 'narrowed' }];
}

/** Compares the values of an endpoint that both documents list. */
export function leafPartChanges(leaf: Part, category: string, name: string, seen: SeenChanges): PartChange[] {
  const steps = [category, name];
  const [shown, isNewHere] = [seen.any(...steps), seen.isNew(...steps)];
  const changes = formChange(leaf, seen, ...steps);
  for (const member of membersOf(leaf)) {
    const { key, before, after } = member;
    if (!differs(member)) continue;
    if (key === 'params') {
      changes.push({ ...member, change: limitChange(member, isNewHere) });
    } else if (key === 'constraints') {
      const part = {
        ...member,
        before: before === undefined ? {} : before,
        after: after === undefined ? {} : after,
      };
      changes.push(...formChange(part, seen, ...steps).map(({ change }) => ({ ...member, change })));
    } else if (before !== undefined && after !== undefined) {
      changes.push({ ...member, change: 'widened' });
    } else if (before === undefined && isUnlimited(leaf.before)) {
      if (!shown) changes.push({ ...member, change: 'narrowed' });
    } else if (!isNewHere) {
      changes.push({ ...member, change: 'widened' });
    }
  }
  return changes;
}
