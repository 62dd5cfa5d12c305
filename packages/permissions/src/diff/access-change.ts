import type { Access } from '../decision/access.js';
import { describeCondition, isSameSet, isSubset } from '../decision/subset.js';

/** Describes one difference in what two documents allow. */
export interface AccessChange {
  /** In order: from nothing to something, from something to nothing, to more, to less. */
  readonly change: 'granted' | 'removed' | 'widened' | 'narrowed';
  /** False if the change depends on something that Vast.ai does not document. */
  readonly certain: boolean;
  /** `other` means full access, or a part of the document whose effect is not documented. */
  readonly subject: 'operation' | 'endpoint' | 'other';
  /** The operation, the endpoint name, or the JSONPath of the part. */
  readonly name: string;
  readonly category?: string;
  /** A description such as `nothing`, `everything`, `id is 5` or `unknown`. */
  readonly before: string;
  readonly after: string;
}

/** Compares what two documents grant for one operation or endpoint, and returns undefined if nothing changes. */
export function compareAccess(
  before: Access,
  after: Access,
): Pick<AccessChange, 'change' | 'certain' | 'before' | 'after'> | undefined {
  const change = kindOfChange(before, after);
  if (change === undefined) return undefined;
  const certain = before.grant !== 'unknown' && after.grant !== 'unknown';
  return { change, certain, before: describeAccess(before), after: describeAccess(after) };
}

function kindOfChange(before: Access, after: Access): AccessChange['change'] | undefined {
  // An endpoint name that is not published is reported as a change of its own.
  const nameOnly = [before, after].every(
    ({ grant, openBecause }) => grant === 'deny' || openBecause === 'endpoint_name',
  );
  if (nameOnly) return undefined;
  if (before.grant === 'deny') return after.grant === 'deny' ? undefined : 'granted';
  if (after.grant === 'deny') return 'removed';
  const same = isSameSet(before.conditions, after.conditions);
  if (before.grant === after.grant && same) return undefined;
  const within = isSubset(after.conditions, before.conditions);
  if (before.grant === 'unknown' && after.grant === 'allow') return 'widened';
  return within ? 'narrowed' : 'widened';
}

function describeAccess({ grant, conditions }: Access): string {
  if (grant === 'deny') return 'nothing';
  const known = grant === 'allow' ? 'everything' : 'unknown';
  return conditions.length === 0 ? known : conditions.map(describeCondition).join(' and ');
}
