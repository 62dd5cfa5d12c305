import { OPERATIONS } from '../catalogue/catalogue.js';
import { accessTo } from '../decision/access.js';
import { readAction } from '../decision/action.js';
import { type AccessChange, compareAccess } from './access-change.js';
import { endpointChanges, otherChanges } from './diff-uncatalogued.js';

export interface AccessDiff {
  readonly changes: readonly AccessChange[];
}

/**
 * Compares two permission documents by what they allow, not by how they are written: every operation in the catalogue,
 * every endpoint that is not in it, and every part whose effect is not documented.
 *
 * @param before a parsed document; undefined, null and false mean full access
 */
export function diffDocuments(before: unknown, after: unknown): AccessDiff {
  const operations = OPERATIONS.flatMap((operation) => {
    const change = compareAccess(accessTo(before, operation), accessTo(after, operation));
    return change === undefined
      ? []
      : [
          {
            ...change,
            subject: 'operation' as const,
            name: operation.operation,
            category: operation.category,
          },
        ];
  });
  return { changes: [...operations, ...endpointChanges(before, after), ...otherChanges(before, after)] };
}

/** Returns the changes that add, or may add, access. `--no-new-access` rejects these. */
export function newAccess({ changes }: AccessDiff): AccessChange[] {
  return changes.filter(({ change }) => change === 'granted' || change === 'widened');
}

/**
 * Returns true if a document certainly does not grant an operation, not even with constraints, as `--not-granting`
 * requires.
 *
 * @param name an operation in the catalogue or a published endpoint name
 * @returns undefined if the name is neither
 */
export function isNotGranting(document: unknown, name: string): boolean | undefined {
  const action = readAction('operation', name);
  if ('problem' in action) return undefined;
  return action.operations.every((operation) => accessTo(document, operation).grant === 'deny');
}
