import type { Operation } from '../catalogue/operation.js';
import { accessTo } from '../decision/access.js';
import type { Action } from '../decision/action.js';
import type { Grant } from '../decision/grants-in.js';
import { mayBeRecorded } from '../decision/observable.js';
import { isSubset } from '../decision/subset.js';
import { type Fields, fieldsOf, isObject } from '../json/json-object.js';
import type { AuditLog, LoggedCall } from './audit-log.js';
import { type ReplayedCall, replay } from './replay.js';
import { suggest } from './suggest.js';
import { usesOf } from './used-grants.js';

/** Compares a grant of a document with an audit log. */
export interface GrantInLog {
  /** `instance_read`, or `instance_write:api.instance.destroy`. */
  readonly grant: string;
  /**
   * `never_seen` does not mean unused: the log holds only important actions. `not_observable` if it never shows what this
   * grants, because that only reads, or is not known.
   */
  readonly state: 'used' | 'never_seen' | 'not_observable';
  /** The number of logged calls that used it, or may have. */
  readonly calls: number;
  /** The operations of these calls. */
  readonly used: readonly string[];
  /** The operations that it grants and that the log never shows. */
  readonly notObservable: readonly string[];
  /** Lists what the calls need instead, as in a document: endpoints, or the constraints of one. Null if it cannot be narrowed. */
  readonly narrower: Fields | null;
}

/** Holds the difference between what a document grants and what an audit log shows. */
export interface Tightened {
  /** In the order of the document. */
  readonly grants: readonly GrantInLog[];
  /** The calls that the document does not allow. They may have failed, or are older than the document. */
  readonly outside: readonly ReplayedCall[];
}

/**
 * Compares what a document grants with the calls that an audit log shows.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function tighten(document: unknown, { calls }: Pick<AuditLog, 'calls'>): Tightened {
  const isDenied = (call: LoggedCall) => replay(document, { calls: [call] })[0]?.verdict === 'deny';
  const outside = new Set(calls.filter(isDenied));
  const possible = calls.filter((call) => !outside.has(call));
  const grants = usesOf(document, replay(document, { calls: possible })).map(({ grant, calls: uses }) => {
    const { name, operations } = grant;
    const names = operations.map(({ operation }) => operation);
    const isObservable = operations.some(mayBeRecorded);
    return {
      grant: name,
      state:
        uses.length > 0
          ? ('used' as const)
          : isObservable
            ? ('never_seen' as const)
            : ('not_observable' as const),
      calls: uses.reduce((sum, call) => sum + call.count, 0),
      used: names.filter((one) => uses.some((call) => call.operations.includes(one))),
      notObservable: operations.filter((one) => !mayBeRecorded(one)).map(({ operation }) => operation),
      narrower: uses.length === 0 ? null : narrowerThan(document, grant, possible),
    };
  });
  return { grants, outside: replay(document, { calls: [...outside] }) };
}

/** Returns the smallest part of a document that allows the calls of a grant, if it allows less than the grant. */
function narrowerThan(
  document: unknown,
  { name, operations }: Grant,
  calls: readonly LoggedCall[],
): Fields | null {
  const actions = calls
    .flatMap(({ candidates }) => candidates)
    .flatMap((action) => within(action, operations));
  const suggested = suggest(actions).document;
  const [category = '', endpoint] = name.split(/:(.*)/su);
  const node = fieldsOf(fieldsOf(suggested.api)[category]);
  if (endpoint === undefined) return Object.keys(node).length === 0 ? null : node;
  const leaf = node[endpoint];
  const [operation] = operations;
  if (operation === undefined || !isObject(leaf)) return null;
  const before = accessTo(document, operation).conditions;
  const after = accessTo(suggested, operation).conditions;
  return isSubset(after, before) && !isSubset(before, after) ? leaf : null;
}

function within(action: Action, operations: readonly Operation[]): Action[] {
  const ours = action.operations.filter((one) => operations.includes(one));
  return ours.length === 0 ? [] : [{ ...action, operations: ours }];
}
