import type { Refusal } from '@vastai-cli/broker';
import { maskKeyLike } from '@vastai-cli/core/internal/base/key-like';

/** Describes how the permission document of a run was given. */
export type DocumentSource = 'file' | 'flags';

const LONGEST_PATH = 100;

/** Returns the words for a refused call: what it was, why, and what would allow it. */
export function refusalNote(refusal: Refusal, source: DocumentSource): string {
  return [`Refused ${callOf(refusal)}. ${refusal.reason}`, ...wayToAllow(refusal, source)].join('\n');
}

function callOf({ operation, method, path, ids }: Refusal): string {
  if (operation === null) return path === null ? `a ${method} request` : `${method} ${shownPath(path)}`;
  const named = Object.entries(ids).map(([name, value]) => `${name} ${value}`);
  return named.length === 0 ? operation : `${operation} (${named.join(', ')})`;
}

/** The program may have put anything into a path that no operation has. */
function shownPath(path: string): string {
  const masked = path
    .split('/')
    .map((segment) => maskKeyLike(segment))
    .join('/');
  return masked.length > LONGEST_PATH ? `${masked.slice(0, LONGEST_PATH)}…` : masked;
}

function wayToAllow(
  { rule, operation, lines, grants = [], replaces = [], only = [] }: Refusal,
  source: DocumentSource,
): string[] {
  if (rule === 'sensitive')
    return ['To allow it: --allow-sensitive, or a permission document that grants it'];
  if (rule === 'unknown_route' && operation === null)
    return ['To list what can be allowed, run: vastai permissions operations'];
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
  const place = replaced === '' ? 'add to "api"' : `in "api", replace ${replaced} with`;
  return [`To allow it${byFlags}${byFlags === '' ? ',' : ', and'} ${place}:`, ...lines];
}

/** Returns a name for the kind of a refusal. A program that tries again and again is reported once. */
export function kindOfRefusal({ rule, operation, method }: Refusal): string {
  return `${rule} ${operation ?? method}`;
}
