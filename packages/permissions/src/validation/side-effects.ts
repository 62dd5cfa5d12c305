import { operationsOfCategory } from '../catalogue/catalogue.js';
import type { Category } from '../catalogue/categories.js';
import { hasCapability } from '../decision/capabilities.js';
import type { DiagnosticCode } from './diagnostics.js';
import { accessFindings } from './rules/access-findings.js';

/** Say what the name of a category hides, by the finding about it. */
const SURPRISES: Partial<Record<DiagnosticCode, string>> = {
  VP201: 'create keys with any permission',
  VP202: 'change or delete the account',
  VP204: 'show stored secrets',
};

/** Returns a sentence on each category that can do more than its name says, such as `"user_read" can also …`. */
export function sideEffects(categories: readonly Category[]): string {
  return categories
    .flatMap((category) => {
      const found = accessFindings(category, operationsOfCategory(category), false);
      const effects = found.flatMap(({ code }) => SURPRISES[code] ?? []);
      return effects.length === 0 ? [] : [`"${category}" can also ${effects.join(' and ')}.`];
    })
    .join(' ');
}

/** Returns true if a category lets a key create keys with more permissions than its own. */
export function canMintKeys(category: Category): boolean {
  return operationsOfCategory(category).some((operation) => hasCapability(operation, 'mint-keys'));
}
