import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { type Access, accessReader } from '../decision/access.js';
import { isEffectiveLimit } from '../document/effective-limit.js';

/** Holds an operation and what a document grants for it. */
export interface UsableOperation {
  readonly operation: Operation;
  readonly access: Access;
}

/** Holds the operations that a document allows or may allow. */
export interface UsableOperations {
  readonly sure: readonly UsableOperation[];
  readonly unsure: readonly UsableOperation[];
  /** True if nothing is known about any operation. */
  readonly isAllUnsure: boolean;
}

/** Returns the operations that a key with this document can or may use, of those whose category is known. */
export function usableOperations(document: unknown): UsableOperations {
  const accessTo = accessReader(document);
  const all = OPERATIONS.filter(({ category }) => category !== 'unknown').map((operation) => ({
    operation,
    access: accessTo(operation),
  }));
  const sure = all.filter(({ access }) => access.grant === 'allow');
  const unsure = all.filter(({ access }) => access.grant === 'unknown');
  return { sure, unsure, isAllUnsure: unsure.length === all.length };
}

/**
 * Returns true if constraints limit an operation. A range that every ID is in limits nothing, nor does one on a parameter
 * that its route lacks: nobody knows whether a request without that parameter passes.
 */
export function isLimited({ operation, access }: UsableOperation): boolean {
  return access.conditions.some(
    ({ parameter, condition }) =>
      operation.parameters.includes(parameter) && condition !== undefined && isEffectiveLimit(condition),
  );
}
