import type { Refusal } from '@vastai-cli/broker';

/** How the permission document of a run was given. */
export type DocumentSource = 'file' | 'flags';

/** Returns the words for a refused call: what it was, why, and what would allow it. */
export function refusalNote(refusal: Refusal, source: DocumentSource): string {
  const { operation, method, ids, reason } = refusal;
  const named = Object.entries(ids).map(([name, value]) => `${name} ${value}`);
  const what = operation ?? `a ${method} request`;
  const which = named.length === 0 ? what : `${what} (${named.join(', ')})`;
  return [`Refused ${which}. ${reason}`, ...wayToAllow(refusal, source)].join('\n');
}

function wayToAllow(
  { rule, lines, grants = [], replaces = [], only = [] }: Refusal,
  source: DocumentSource,
): string[] {
  if (rule === 'sensitive')
    return ['To allow it: --allow-sensitive, or a permission document that grants it'];
  if (lines.length === 0 && only.length === 0) return [];
  const flags = [
    ...(source === 'flags' ? grants.map((grant) => `--allow ${grant}`) : []),
    ...only.map((name) => `--only ${name}`),
  ];
  const byFlags = flags.length === 0 ? '' : `: ${flags.join(' ')}`;
  if (lines.length === 0) return [`To allow it${byFlags}`];
  if (source === 'flags')
    return [`To allow it${byFlags}`, 'In a permission document, inside "api":', ...lines];
  const replaced = replaces.map((category) => JSON.stringify(category)).join(' and ');
  const place = replaced === '' ? 'add to "api"' : `in "api", replace ${replaced} by`;
  return [`To allow it${byFlags}${byFlags === '' ? ',' : ', and'} ${place}:`, ...lines];
}

/** Returns a name for the kind of a refusal. A program that tries again and again is reported once. */
export function kindOfRefusal({ rule, operation, method }: Refusal): string {
  return `${rule} ${operation ?? method}`;
}
