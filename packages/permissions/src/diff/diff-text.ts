import { quote } from '../json/quote.js';
import type { AccessChange } from './access-change.js';
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
  return `${title}\n${changes.map((change) => `  ${line(change)}\n`).join('')}`;
}

function line({ subject, name, category, before, after, certain }: AccessChange): string {
  const where = category === undefined ? '' : ` (${subject === 'endpoint' ? plain(category) : category})`;
  const shown = subject === 'endpoint' ? `endpoint ${plain(name)}` : name;
  return `${shown}${where}: ${before} → ${after}${certain ? '' : ' (uncertain)'}`;
}

/** Escapes a string from a document, without adding quotes. */
function plain(text: string): string {
  return quote(text).slice(1, -1);
}
