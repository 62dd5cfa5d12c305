import type { Refusal } from '@vastai-cli/broker';

/** Returns the words for a refused call: what it was, why, and what would allow it. */
export function refusalNote({ rule, operation, method, ids, reason, lines }: Refusal): string {
  const named = Object.entries(ids).map(([name, value]) => `${name} ${value}`);
  const what = operation ?? `a ${method} request`;
  const which = named.length === 0 ? what : `${what} (${named.join(', ')})`;
  const way = wayToAllow(rule, operation, lines);
  return `Refused ${which}. ${reason}${way === '' ? '' : `\n${way}`}`;
}

function wayToAllow(rule: Refusal['rule'], operation: string | null, lines: readonly string[]): string {
  if (rule === 'document' && lines.length > 0) return `To allow it, add to "api":\n${lines.join('\n')}`;
  if (rule === 'only') return `To allow it: --only ${operation}`;
  if (rule === 'sensitive') return 'To allow it: --allow-sensitive, or a permission document that grants it';
  return '';
}

/** Returns a name for the kind of a refusal. A program that tries again and again is reported once. */
export function kindOfRefusal({ rule, operation, method }: Refusal): string {
  return `${rule} ${operation ?? method}`;
}
