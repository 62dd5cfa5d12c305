import { describeCondition, isSameSet, isSubset } from '../decision/subset.js';
import { formatPath, type Path } from '../json/json-path.js';
import type { Granted } from './extent.js';
import type { WitnessRequest } from './witness.js';

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
  /** A request that is allowed only now, or may be. Absent if less is allowed, or if no request is known. */
  readonly request?: WitnessRequest;
  /** JSONPath of the part of the new document that allows it. Absent if less is allowed, and for full access. */
  readonly path?: string;
  /** The line of that part. Absent if the new document is not text. */
  readonly line?: number;
}

/** A change, and the part of the new document that allows what is new. */
export interface FoundChange extends Omit<AccessChange, 'path' | 'line'> {
  readonly at?: Path | undefined;
  /** The published endpoint name of an operation. */
  readonly endpoint?: string | undefined;
}

/** Returns true for a change that adds access, or may add some. */
export function isNew({ change }: Pick<AccessChange, 'change'>): boolean {
  return change === 'granted' || change === 'widened';
}

/** Compares what two documents grant for one operation or endpoint, and returns undefined if nothing changes. */
export function compareAccess(
  before: Granted,
  after: Granted,
): Pick<AccessChange, 'change' | 'certain' | 'before' | 'after'> | undefined {
  const change = kindOfChange(before, after);
  if (change === undefined) return undefined;
  const [from, to] = [describe(before), describe(after)];
  const certain = before.access.grant !== 'unknown' && after.access.grant !== 'unknown';
  if (from !== to) return { change, certain, before: from, after: to };
  return {
    change,
    certain,
    before: `${from} (${formatPath(before.access.at)})`,
    after: `${to} (${formatPath(after.access.at)})`,
  };
}

function kindOfChange(before: Granted, after: Granted): AccessChange['change'] | undefined {
  const [was, is] = [before.extent, after.extent];
  if (is.kind !== 'granted') {
    // What a listed endpoint grants is reported by its name.
    if (was.kind !== 'granted') return undefined;
    return is.kind === 'listed' || after.access.grant === 'unknown' ? 'narrowed' : 'removed';
  }
  if (was.kind !== 'granted') {
    return was.kind === 'listed' || before.access.grant === 'unknown' ? 'widened' : 'granted';
  }
  const [wasUnknown, isUnknown] = [before.access.grant === 'unknown', after.access.grant === 'unknown'];
  if (wasUnknown && !isUnknown) return 'widened';
  if (isSameSet(was.conditions, is.conditions)) return isUnknown && !wasUnknown ? 'narrowed' : undefined;
  return isSubset(is.conditions, was.conditions) ? 'narrowed' : 'widened';
}

/** The conditions that a description names. */
const MOST_NAMED = 10;

function describe({ extent, access }: Granted): string {
  const conditions = extent.kind === 'granted' ? extent.conditions : [];
  if (conditions.length === 0) {
    return { allow: 'everything', deny: 'nothing', unknown: 'unknown' }[access.grant];
  }
  const named = conditions.slice(0, MOST_NAMED).map(describeCondition);
  const more = conditions.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more conditions hold`] : [])].join(' and ');
}
