import { OPERATIONS } from '../catalogue/catalogue.js';
import { CATEGORIES, type Category } from '../catalogue/categories.js';
import type { Operation, Risk, RiskKind } from '../catalogue/operation.js';
import { type AccessReader, accessReader, isFullAccess } from '../decision/access.js';
import { describeCondition } from '../decision/subset.js';
import { formatPath } from '../json/json-path.js';

/** Describes what a document allows for one operation. */
export interface OperationExplanation {
  readonly operation: string;
  readonly method: string;
  readonly route: string;
  readonly verdict: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** Descriptions such as `id is 5`. All must hold. */
  readonly conditions: readonly string[];
  readonly risks: readonly Risk[];
  /** JSONPath of the part of the document that decides. Absent for full access. */
  readonly path?: string;
}

export interface CategoryExplanation {
  readonly category: Category | 'unknown';
  readonly can: readonly OperationExplanation[];
  readonly cannot: readonly OperationExplanation[];
  readonly notKnown: readonly OperationExplanation[];
}

/** Lists the operations with one kind of risk. */
export interface RiskSummary {
  readonly kind: RiskKind;
  readonly can: readonly string[];
  /** The operations that the document may allow. */
  readonly notKnown: readonly string[];
}

export interface Explanation {
  readonly fullAccess: boolean;
  /** Every category, `unknown` last. Each operation in the catalogue is in exactly one list. */
  readonly categories: readonly CategoryExplanation[];
  /** Every kind of risk that the document has or may have, the most severe first. */
  readonly risks: readonly RiskSummary[];
}

/** From the most to the least severe. */
const RISK_ORDER: readonly RiskKind[] = [
  'mints_keys',
  'changes_access',
  'shows_secrets',
  'spends_money',
  'destroys',
  'write',
  'read',
];

/**
 * Explains for every operation in the catalogue whether a key with this document can use it.
 *
 * @param document a parsed document; undefined, null and false mean full access
 */
export function explain(document: unknown): Explanation {
  const accessTo = accessReader(document);
  const whole = isFullAccess(document);
  const all = OPERATIONS.map((operation) => ({
    operation,
    is: explainOperation(operation, accessTo, whole),
  }));
  const of = (
    category: Category | 'unknown',
    verdict: OperationExplanation['verdict'],
  ): OperationExplanation[] =>
    all
      .filter((one) => one.operation.category === category && one.is.verdict === verdict)
      .map(({ is }) => is);
  return {
    fullAccess: whole,
    categories: [...CATEGORIES, 'unknown' as const].map((category) => ({
      category,
      can: of(category, 'allow'),
      cannot: of(category, 'deny'),
      notKnown: of(category, 'unknown'),
    })),
    risks: summarise(all.map(({ is }) => is)),
  };
}

function explainOperation(
  operation: Operation,
  accessTo: AccessReader,
  fullAccess: boolean,
): OperationExplanation {
  const { grant, reason, at, conditions } = accessTo(operation);
  return {
    operation: operation.operation,
    method: operation.method,
    route: operation.route,
    verdict: grant,
    reason,
    conditions: conditions.map(describeCondition),
    risks: operation.risks,
    ...(fullAccess ? {} : { path: formatPath(at) }),
  };
}

function summarise(all: readonly OperationExplanation[]): RiskSummary[] {
  return RISK_ORDER.map((kind) => {
    const risky = all.filter(({ risks }) => risks.some((risk) => risk.kind === kind));
    const named = (verdict: OperationExplanation['verdict']): string[] =>
      risky.filter((one) => one.verdict === verdict).map(({ operation }) => operation);
    return { kind, can: named('allow'), notKnown: named('unknown') };
  }).filter(({ can, notKnown }) => can.length + notKnown.length > 0);
}
