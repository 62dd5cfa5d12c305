import { quote } from '../json/quote.js';
import type { AccessChange } from './access-change.js';
import type { AccessDiff } from './diff.js';

const ORDER: readonly AccessChange['change'][] = ['granted', 'widened', 'narrowed', 'removed'];

/** Writes the differences of two documents as plain text, what gives access first; one line where they allow the same. */
export function diffText({ changes }: AccessDiff): string {
  if (changes.length === 0) return 'Both allow the same.\n';
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
  return `${shown}${where}: ${before} → ${after}${certain ? '' : ', as far as is known'}`;
}

/** Escapes a string from a document as for a message. */
function plain(text: string): string {
  return quote(text).slice(1, -1);
}
