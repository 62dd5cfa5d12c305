import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { type Access, accessReader, type ParameterCondition } from '../decision/access.js';
import { isEffectiveLimit } from '../document/effective-limit.js';

/** Holds an operation and what a document grants for it. */
export interface Judged {
  readonly operation: Operation;
  readonly access: Access;
}

/** Holds the operations that a document allows or may allow. */
export interface Judgement {
  readonly sure: readonly Judged[];
  readonly unsure: readonly Judged[];
  /** True if nothing is known about any operation. */
  readonly isAllUnsure: boolean;
}

/** Judges every operation whose category is known. */
export function judge(document: unknown): Judgement {
  const accessTo = accessReader(document);
  const all = OPERATIONS.filter(({ category }) => category !== 'unknown').map((operation) => ({
    operation,
    access: accessTo(operation),
  }));
  const isSure = ({ access: { grant, conditions } }: Judged): boolean =>
    grant === 'allow' && conditions.every(isReadable);
  const sure = all.filter(isSure);
  const unsure = all.filter((one) => one.access.grant !== 'deny' && !isSure(one));
  return { sure, unsure, isAllUnsure: unsure.length === all.length };
}

/** Returns true if constraints limit an operation. A range that every ID is in limits nothing. */
export function isLimited({ access }: Judged): boolean {
  return access.conditions.some(({ condition }) => condition !== undefined && isEffectiveLimit(condition));
}

export function onlyOperation({ operation }: Judged): Operation {
  return operation;
}

function isReadable({ condition }: ParameterCondition): boolean {
  return condition !== undefined;
}
