import { isCategory } from '../catalogue/categories.js';
import { isEndpointName, isUndocumentedKey } from '../decision/access.js';
import { isObject } from '../json/json-object.js';
import { formatPath } from '../json/json-path.js';
import type { FoundChange } from './access-change.js';
import { type Extents, isUnlimited } from './extent.js';
import { mayStandForCategories, mayStandForEndpoints } from './odd-names.js';
import {
  differs,
  formChange,
  isInBoth,
  leafPartChanges,
  limitChange,
  membersOf,
  type Part,
  type PartChange,
} from './part.js';
import type { SeenChanges } from './seen-changes.js';

/**
 * Finds changes to the parts of two documents whose effect is not documented. They are compared as they are:
 * `constraints` and `params` above the endpoints, keys that are no names, and values of another form.
 *
 * According to the documentation, `constraints` and `params` can only narrow access. Everything else may also grant it.
 *
 * @param seen the changes to operations and endpoints, which already show some of these parts
 */
export function partChanges(before: Extents, after: Extents, seen: SeenChanges): FoundChange[] {
  const whole = { path: undefined, before: before.document, after: after.document };
  const changes =
    before.api === undefined || after.api === undefined
      ? wholeChange(whole, seen)
      : [...topChanges(whole, seen), ...apiChanges(membersOf(whole), after, seen)];
  return changes.map(found);
}

/** Compares documents of which at least one may grant everything. */
function wholeChange(whole: Part, seen: SeenChanges): PartChange[] {
  if (!differs(whole) || seen.isNew()) return [];
  const api = membersOf(whole).find(({ key }) => key === 'api');
  const isApi = isObject(api?.before) && isObject(api.after) && differs(api);
  return [{ ...(isApi ? api : whole), change: 'widened' }];
}

function topChanges(whole: Part, seen: SeenChanges): PartChange[] {
  return membersOf(whole).flatMap((member) => {
    if (member.key === 'api' || !differs(member)) return [];
    const limit = member.key === 'constraints' || member.key === 'params';
    return [{ ...member, change: limit ? limitChange(member, seen.isNew()) : 'widened' }];
  });
}

function apiChanges(
  top: readonly (Part & { key: string })[],
  after: Extents,
  seen: SeenChanges,
): PartChange[] {
  const api = top.find(({ key }) => key === 'api');
  if (api === undefined) return [];
  const names = after.categoryNames();
  const hasUnknown = names.some((name) => !isCategory(name));
  const hasPattern = names.some((name) => !isCategory(name) && mayStandForCategories(name));
  return membersOf(api).flatMap((member) => {
    const { key } = member;
    if (isUndocumentedKey(key))
      return differs(member) ? [{ ...member, change: limitChange(member, seen.isNew()) }] : [];
    if (isInBoth(member)) return categoryChanges(member, key, after, seen);
    if (member.after !== undefined || isEmpty(member.before)) return [];
    const mayLimit = isCategory(key) ? hasPattern : hasUnknown || mayStandForCategories(key);
    return mayLimit ? [{ ...member, change: 'widened' as const }] : [];
  });
}

/** Compares a category that both documents name. */
function categoryChanges(category: Part, name: string, after: Extents, seen: SeenChanges): PartChange[] {
  const changes = formChange(category, seen, name);
  const { endpoints } = after.category(name);
  let pattern: boolean | undefined;
  const hasPattern = () => (pattern ??= [...endpoints.keys()].some(mayStandForEndpoints));
  for (const member of membersOf(category)) {
    const { key } = member;
    if (isUndocumentedKey(key)) {
      if (differs(member)) changes.push({ ...member, change: limitChange(member, seen.isNew(name)) });
    } else if (isInBoth(member)) {
      const inside = leafPartChanges(member, name, key, seen);
      const isSeen =
        inside.some(({ change }) => change === 'widened') || isEndpointName(key) || !differs(member);
      changes.push(...inside, ...(isSeen ? [] : [{ ...member, change: 'widened' as const }]));
    } else if (member.before !== undefined && mayHaveLimited(key, member.before, hasPattern)) {
      changes.push({ ...member, change: 'widened' });
    }
  }
  return changes;
}

/** Returns true if an entry that was removed from a category may have limited what is still in it. */
function mayHaveLimited(name: string, entry: unknown, nextToPattern: () => boolean): boolean {
  if (!isEndpointName(name)) return true;
  return !isUnlimited(entry) && (mayStandForEndpoints(name) || nextToPattern());
}

function isEmpty(node: unknown): boolean {
  return isObject(node) && Object.keys(node).length === 0;
}

function found({ path, before, after, change }: PartChange): FoundChange {
  const wasThere = before === undefined ? 'absent' : 'present';
  const isThere = before === undefined ? 'present' : 'different';
  return {
    change,
    certain: false,
    subject: 'other',
    name: formatPath(path),
    before: wasThere,
    after: after === undefined ? 'absent' : isThere,
    ...(change === 'widened' ? { at: path } : {}),
  };
}
