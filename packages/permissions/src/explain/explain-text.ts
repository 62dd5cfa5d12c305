import type { RiskKind } from '../catalogue/operation.js';
import { count } from '../json/count.js';
import type { CategoryExplanation, Explanation, OperationExplanation, RiskSummary } from './explain.js';

/**
 * Formats an explanation as plain text: the risks, then for each category what a key can do, what it cannot do, and
 * what is unknown. Categories that are denied entirely share a line at the end.
 */
export function explanationText({ fullAccess, categories, risks }: Explanation): string {
  const lines = fullAccess ? ['Full access: the key can do everything.', ''] : [];
  lines.push('Risks', ...(risks.length === 0 ? ['  none'] : risks.map(riskLine)));
  const [some, none] = [categories.filter(grantsSome), categories.filter((one) => !grantsSome(one))];
  for (const category of some) lines.push('', ...categoryLines(category));
  if (none.length > 0) lines.push('', `Nothing in: ${none.map(titleOf).join(', ')}`);
  return `${lines.join('\n')}\n`;
}

const RISK_TITLES: Readonly<Record<RiskKind, string>> = {
  mints_keys: 'creates or replaces keys and roles',
  changes_access: 'changes who has access',
  shows_secrets: 'shows secrets',
  spends_money: 'spends money',
  destroys: 'destroys',
  write: 'writes',
  read: 'reads',
};

function riskLine({ kind, can, notKnown }: RiskSummary): string {
  const parts = [
    ...(can.length > 0 ? [count(can.length, 'operation')] : []),
    ...(notKnown.length > 0 ? [`${notKnown.length} unknown`] : []),
  ];
  const examples = [...can, ...notKnown].slice(0, 3).join(', ');
  const more = can.length + notKnown.length > 3 ? ', …' : '';
  return `  ${RISK_TITLES[kind]}: ${parts.join(', ')} (${examples}${more})`;
}

function grantsSome({ can, notKnown }: CategoryExplanation): boolean {
  return can.length + notKnown.length > 0;
}

function titleOf({ category }: CategoryExplanation): string {
  return category === 'unknown' ? 'unknown category' : category;
}

function categoryLines(explained: CategoryExplanation): string[] {
  const { can, cannot, notKnown } = explained;
  const title = titleOf(explained);
  const whole =
    cannot.length + notKnown.length === 0 && can.every(({ conditions }) => conditions.length === 0);
  return [
    whole ? `${title}: everything` : title,
    ...section('can', can),
    ...section('cannot', cannot),
    ...section('unknown', notKnown),
  ];
}

function section(title: string, operations: readonly OperationExplanation[]): string[] {
  if (operations.length === 0) return [];
  const shared = sharedReason(operations);
  const lines = operations.map((operation) => `    ${operationLine(operation, shared === undefined)}`);
  return [shared === undefined ? `  ${title}` : `  ${title}: ${shared}`, ...lines];
}

/** Returns why several operations are unknown, if it is one reason for all. */
function sharedReason(operations: readonly OperationExplanation[]): string | undefined {
  const [first, ...others] = operations;
  if (first?.verdict !== 'unknown' || others.length === 0) return undefined;
  return others.every(({ reason }) => reason === first.reason) ? first.reason.replace(/\.$/u, '') : undefined;
}

function operationLine(
  { operation, conditions, risks, verdict, reason }: OperationExplanation,
  withReason: boolean,
): string {
  const what = risks.map((risk) => risk.reason).join('; ');
  const only = conditions.length === 0 || verdict === 'deny' ? '' : `, only if ${conditions.join(' and ')}`;
  return `${operation}: ${what}${only}${verdict === 'unknown' && withReason ? ` (${reason.replace(/\.$/u, '')})` : ''}`;
}
