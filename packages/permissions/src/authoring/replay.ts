import { combineDecisions, type Decision, decideAction } from '../decision/decide.js';
import { quote } from '../json/quote.js';
import type { AuditLog, LoggedCall } from './audit-log.js';

/** Says what a document would have decided about a call that a key really made. */
export interface ReplayedCall {
  /** Null if the log does not say. */
  readonly method: string | null;
  /** The path, or the endpoint name that the log has instead. */
  readonly path: string;
  /** The actions that the call can have been. Empty if its route is not in the catalogue. */
  readonly operations: readonly string[];
  readonly verdict: Decision['verdict'];
  readonly reason: string;
  /** The number of times that the log has it. */
  readonly count: number;
  /** JSONPath of the part of the document that decided. Absent for full access, or if that is not known. */
  readonly at?: string;
}

/** From the worst to the best. */
const ORDER: readonly Decision['verdict'][] = ['deny', 'unknown', 'allow'];

/**
 * Decides about every call in a log or a recording, as if it had been made with this document. Calls to the same path with the same
 * outcome are one, since the log can have many that differ only in what was sent.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 * @returns refused calls first, then those whose outcome is not known; the most frequent first
 */
export function replay(document: unknown, { calls }: Pick<AuditLog, 'calls'>): ReplayedCall[] {
  const distinct = new Map<string, ReplayedCall>();
  for (const call of calls) {
    const replayed = replayCall(document, call);
    const { method, path, verdict, reason } = replayed;
    const identity = JSON.stringify([method, path, verdict, reason]);
    const count = (distinct.get(identity)?.count ?? 0) + replayed.count;
    distinct.set(identity, { ...replayed, count });
  }
  return [...distinct.values()].sort(
    (left, right) => ORDER.indexOf(left.verdict) - ORDER.indexOf(right.verdict) || right.count - left.count,
  );
}

/** Returns the verdict on a log as a whole: the worst, where a row that could not be read counts as unknown. */
export function worstVerdict(calls: readonly ReplayedCall[], unreadable: number): Decision['verdict'] {
  const has = (verdict: Decision['verdict']) => calls.some((call) => call.verdict === verdict);
  if (has('deny')) return 'deny';
  return has('unknown') || unreadable > 0 ? 'unknown' : 'allow';
}

function replayCall(document: unknown, { method, route, candidates, count }: LoggedCall): ReplayedCall {
  const decisions = candidates.map((candidate) => ({
    name: candidate.operations[0]?.operation ?? candidate.name,
    decision: combineDecisions(decideAction(document, candidate)),
  }));
  const { verdict, reason, path: at } = agree(decisions);
  return {
    method: method ?? null,
    path: route,
    operations: candidates.flatMap(({ operations }) => operations.map(({ operation }) => operation)),
    verdict,
    reason,
    count,
    ...(at === undefined ? {} : { at }),
  };
}

/** Returns the decision on which all candidates agree, or else an unknown one. */
function agree(all: readonly { readonly name: string; readonly decision: Decision }[]): Decision {
  const [first] = all;
  if (first === undefined) return combineDecisions([]);
  if (all.every(({ decision }) => decision.verdict === first.decision.verdict)) return first.decision;
  const each = all.map(({ name, decision }) => `${quote(name)} (${decision.verdict})`).join(' or ');
  return { verdict: 'unknown', reason: `The log does not record the method, so this was ${each}.` };
}
