import { type AccessDiff, isNotGranting, newAccess } from '@vastai-cli/permissions/diff/diff';
import { requireAction } from '../../requested-actions/requested-action.js';

/** Describes what a change must not do. */
export interface Gates {
  readonly noNewAccess: boolean;
  /** Operations in the catalogue, or published endpoint names. */
  readonly notGranting: readonly string[];
}

/** Describes a gate that a change fails. */
export interface Violation {
  readonly gate: 'no-new-access' | 'not-granting';
  /** The operation, endpoint or part of the document. */
  readonly name: string;
}

/**
 * Returns the gates that a change between two documents fails. Uncertain changes count as new access, and uncertain
 * access counts as granted.
 *
 * @throws UsageError if an operation is not in the catalogue.
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
