import type { Operation } from '../catalogue/operation.js';
import { readAction } from './action.js';
import { capabilitiesOf } from './capabilities.js';
import type { Capability } from './capability-names.js';
import type { TestCase } from './test-cases.js';

/** Lists the operations by which a key has a capability, and which no test case mentions. */
export interface UntestedCapability {
  readonly capability: Capability;
  /** Operations that the document allows. */
  readonly can: readonly string[];
  /** Operations that it may allow. */
  readonly may: readonly string[];
}

/**
 * Returns the risky operations that a document allows, or may allow, without any case that mentions them, the worst
 * capability first. An operation whose category nobody knows is left out: no document can rule it out.
 */
export function untestedCapabilities(document: unknown, cases: readonly TestCase[]): UntestedCapability[] {
  const mentioned = new Set(cases.flatMap(operationsOf));
  const namesOf = (operations: readonly Operation[]) =>
    operations
      .filter((operation) => operation.category !== 'unknown' && !mentioned.has(operation))
      .map(({ operation }) => operation);
  return capabilitiesOf(document)
    .map(({ capability, can, may }) => ({ capability, can: namesOf(can), may: namesOf(may) }))
    .filter(({ can, may }) => can.length + may.length > 0);
}

function operationsOf({ ask, subject, parameters }: TestCase): readonly Operation[] {
  const action = readAction(ask, subject, parameters);
  return 'problem' in action ? [] : action.operations;
}
