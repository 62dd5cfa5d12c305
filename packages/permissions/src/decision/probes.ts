import { CATEGORIES, type Category } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import { readAction } from './action.js';

/** Describes how to learn whether a key may use a category. */
export interface CategoryProbe {
  readonly category: Category;
  /** A GET request that changes nothing and returns no secrets. Undefined if the category cannot be probed. */
  readonly operation?: Operation;
  /** True if the API may also deny the operation for reasons other than the permissions of the key. */
  readonly mayNotApply: boolean;
}

/**
 * The operation that probes each category: a list of the account's own, without parameters. Responses with tokens, keys
 * or variables are left out, such as those of instances, endpoints and the current user. So are public ones, which say
 * nothing about the key.
 */
const OPERATION_NAMES: Partial<Record<Category, string>> = {
  misc: 'audit_log.filters',
  user_read: 'subaccount.list',
  instance_read: 'volume.list',
  billing_read: 'invoice.list',
  machine_read: 'machine.list',
  team_read: 'team.members',
  agents_read: 'agent.list',
};

/** The API denies these to every key of an account without a team. */
const MAY_NOT_APPLY: readonly Category[] = ['team_read'];

/** Returns a probe for every category, in the order in which this project prints them. */
export function categoryProbes(): CategoryProbe[] {
  return CATEGORIES.map((category) => {
    const operation = operationOf(category);
    const mayNotApply = MAY_NOT_APPLY.includes(category);
    return { category, mayNotApply, ...(operation === undefined ? {} : { operation }) };
  });
}

function operationOf(category: Category): Operation | undefined {
  const action = readAction('operation', OPERATION_NAMES[category] ?? '');
  return 'problem' in action ? undefined : action.operations[0];
}
