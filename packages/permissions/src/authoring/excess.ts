import { OPERATIONS, operationsOfCategory } from '../catalogue/catalogue.js';
import type { Category } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import { accessReader } from '../decision/access.js';
import { hasCapability } from '../decision/capabilities.js';
import { CAPABILITIES, CAPABILITY_WORDS, type Capability } from '../decision/capability-names.js';
import { listInWords } from '../explain/plain-words.js';
import { firstOf } from '../json/first-of.js';

/**
 * Says in one sentence what a key with a document can do beyond the operations that were asked for: by its capabilities,
 * or that the rest has none.
 *
 * @returns undefined if the document allows nothing else
 */
export function excessOf(document: unknown, asked: ReadonlySet<Operation>): string | undefined {
  const accessTo = accessReader(document);
  const extra = OPERATIONS.filter(
    (operation) => !asked.has(operation) && accessTo(operation).grant === 'allow',
  );
  if (extra.length === 0) return undefined;
  const can = CAPABILITIES.filter((capability) => extra.some((one) => addsCapability(one, capability)));
  const count = extra.length === 1 ? 'an operation' : `${extra.length} operations`;
  if (can.length > 0) {
    const words = listInWords(can.map((capability) => CAPABILITY_WORDS[capability]));
    return `The key can also ${words}: the document allows ${count} that you did not ask for.`;
  }
  const such = extra.length === 1 ? ` (${extra[0]?.operation})` : `, such as ${extra[0]?.operation}`;
  return `The document also allows ${count} that you did not ask for${such}; none of them is risky.`;
}

/** Returns true if an operation has a capability that is not implied by a worse one. */
function addsCapability(operation: Operation, capability: Capability): boolean {
  if (capability === 'change-access' && hasCapability(operation, 'mint-keys')) return false;
  return hasCapability(operation, capability);
}

/** The number of operations to name for a capability. */
const NAMED = 2;

/**
 * Says in one sentence what a whole category opens beyond the operations that were asked for, with the operations that do
 * it: `user_read also opens what can read secrets (env_var.list).` Nothing if none of them is risky.
 */
export function openedBy(category: Category, asked: ReadonlySet<Operation>): string[] {
  const extra = operationsOfCategory(category).filter((operation) => !asked.has(operation));
  const can = CAPABILITIES.flatMap((capability) => {
    const names = extra.filter((one) => addsCapability(one, capability)).map(({ operation }) => operation);
    if (names.length === 0) return [];
    return [`${CAPABILITY_WORDS[capability]} (${firstOf(names, NAMED)})`];
  });
  return can.length === 0 ? [] : [`${category} also opens what can ${listInWords(can)}.`];
}
