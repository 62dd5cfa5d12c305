import { type AccessDiff, isNotGranting, newAccess } from '@vastai-cli/permissions/diff/diff';
import { requireAction } from '../../requested-actions/requested-action.js';

/** Says what a change must not do. */
export interface Gates {
  readonly noNewAccess: boolean;
  /** Operations of the catalogue, or published endpoint names. */
  readonly notGranting: readonly string[];
}

/** A gate that a change fails. */
export interface Violation {
  readonly gate: 'no-new-access' | 'not-granting';
  /** The operation, endpoint or part of the document. */
  readonly name: string;
}

/**
 * Finds the gates that a change from one document to another fails. What is not certain counts as new access,
 * and as granted.
 *
 * @throws UsageError for an operation that the catalogue does not have.
 */
export function violations(diff: AccessDiff, after: unknown, gates: Gates): Violation[] {
  const granted = gates.notGranting.filter((name) => !isDenied(after, name));
  const added = gates.noNewAccess ? newAccess(diff) : [];
  return [
    ...added.map(({ name }) => ({ gate: 'no-new-access' as const, name })),
    ...granted.map((name) => ({ gate: 'not-granting' as const, name })),
  ];
}

function isDenied(document: unknown, name: string): boolean {
  requireAction('operation', name);
  return isNotGranting(document, name) === true;
}
