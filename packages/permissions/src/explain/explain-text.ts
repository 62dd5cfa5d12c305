import type { RiskKind } from '../catalogue/operation.js';
import type { CategoryExplanation, Explanation, OperationExplanation, RiskSummary } from './explain.js';

/**
 * Formats an explanation as plain text: the risks, then for each category what a key can do, what it cannot do, and
 * what is unknown. A category that is denied entirely takes one line.
 */
export function explanationText({ fullAccess, categories, risks }: Explanation): string {
  const lines = fullAccess ? ['Full access: the key can do everything.', ''] : [];
  lines.push('Risks', ...(risks.length === 0 ? ['  none'] : risks.map(riskLine)));
  for (const category of categories) lines.push('', ...categoryLines(category));
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
  const parts = [count(can.length, 'operation')];
  if (notKnown.length > 0) parts.push(`${notKnown.length} unknown`);
  const examples = [...can, ...notKnown].slice(0, 3).join(', ');
  const more = can.length + notKnown.length > 3 ? ', …' : '';
  return `  ${RISK_TITLES[kind]}: ${parts.join(', ')} (${examples}${more})`;
}

function categoryLines({ category, can, cannot, notKnown }: CategoryExplanation): string[] {
  const title = category === 'unknown' ? 'unknown category' : category;
  if (can.length + notKnown.length === 0) return [`${title}: nothing`];
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
  return [`  ${title}`, ...operations.map((operation) => `    ${operationLine(operation)}`)];
}

function operationLine({ operation, conditions, risks, verdict, reason }: OperationExplanation): string {
  const what = risks.map((risk) => risk.reason).join('; ');
  const only = conditions.length === 0 || verdict === 'deny' ? '' : `, only if ${conditions.join(' and ')}`;
  return `${operation}: ${what}${only}${verdict === 'unknown' ? ` (${reason.replace(/\.$/u, '')})` : ''}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
