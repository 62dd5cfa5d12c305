import { quote } from '../json/quote.js';
import { type AccessChange, isNew } from './access-change.js';
import type { AccessDiff } from './diff.js';

const ORDER: readonly AccessChange['change'][] = ['granted', 'widened', 'narrowed', 'removed'];

/** Formats the differences as plain text, with added access first. */
export function diffText({ changes }: AccessDiff): string {
  if (changes.length === 0) return 'No difference in access.\n';
  return ORDER.map((change) =>
    section(
      change,
      changes.filter((one) => one.change === change),
    ),
  ).join('');
}

function section(title: string, changes: readonly AccessChange[]): string {
  if (changes.length === 0) return '';
  return `${title}\n${changes.map((change) => `  ${line(change)}\n${witness(change)}`).join('')}`;
}

function line({ subject, name, category, before, after, certain }: AccessChange): string {
  const where = category === undefined ? '' : ` (${subject === 'endpoint' ? plain(category) : category})`;
  const shown = subject === 'endpoint' ? `endpoint ${plain(name)}` : name;
  return `${shown}${where}: ${before} → ${after}${certain ? '' : ' (uncertain)'}`;
}

/** Shows what is new, and the part of the new document that allows it. */
function witness(change: AccessChange): string {
  const { request, certain, path, line: number } = change;
  if (!isNew(change) || (request === undefined && path === undefined)) return '';
  const what = request === undefined ? 'requests that Vast.ai does not document' : requestText(request);
  const by = number === undefined ? path : `line ${number}`;
  return `    ${certain ? 'new' : 'may be new'}: ${what}${by === undefined ? '' : `, decided by ${by}`}\n`;
}

function requestText({ method, path, parameters }: NonNullable<AccessChange['request']>): string {
  const body = Object.entries(parameters ?? {}).map(
    ([name, value]) => `${quote(name)}: ${typeof value === 'string' ? quote(value) : value}`,
  );
  return `${method} ${path}${body.length === 0 ? '' : ` with { ${body.join(', ')} }`}`;
}

/** Escapes a string from a document, without adding quotes. */
function plain(text: string): string {
  return quote(text).slice(1, -1);
}
