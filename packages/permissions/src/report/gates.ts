import { capabilitiesOf } from '../decision/capabilities.js';
import { CAPABILITY_WORDS, type Capability } from '../decision/capability-names.js';

/** Says that a document lets a key do what a gate forbids. */
export interface GateViolation {
  readonly gate: Capability;
  /** The name of the document. */
  readonly file: string;
  /** The line of a document inside a file of another language. */
  readonly line?: number;
  /** False if it depends on something that is not documented, or on errors in the file. */
  readonly certain: boolean;
  /** The operations that the key can or may use for it. Empty if the file has errors. */
  readonly operations: readonly string[];
}

/** The number of operations to name in a message. */
const SHOWN = 3;

/**
 * Returns the gates that a document fails, the worst first. What a document may allow counts as allowed, and a document
 * with errors fails every gate, since nothing is known about it.
 *
 * @param document undefined if the file has errors; null for full access
 */
export function failedGates(
  file: string,
  document: unknown,
  gates: readonly Capability[],
): readonly GateViolation[] {
  if (gates.length === 0) return [];
  if (document === undefined) return gates.map((gate) => ({ gate, file, certain: false, operations: [] }));
  return capabilitiesOf(document).flatMap(({ capability, can, may }) => {
    if (!gates.includes(capability)) return [];
    const operations = (can.length > 0 ? can : may).map(({ operation }) => operation);
    return [{ gate: capability, file, certain: can.length > 0, operations }];
  });
}

/** Describes a violation in one line. */
export function violationLine(violation: GateViolation): string {
  const { file, line } = violation;
  return `Gate failed: ${violationText(violation, line === undefined ? file : `${file}:${line}`)}`;
}

/** Describes a violation in a sentence. @param file what to call the document */
export function violationText({ gate, certain, operations }: GateViolation, file = 'The document'): string {
  if (operations.length === 0)
    return `${file} has errors, so a key could ${CAPABILITY_WORDS[gate]} (${gate}).`;
  const rest = operations.length - SHOWN;
  const named = operations.slice(0, rest === 1 ? SHOWN + 1 : SHOWN).join(', ');
  const more = rest > 1 ? ` and ${rest} more` : '';
  return `${file} lets a key ${CAPABILITY_WORDS[gate]} (${gate})${certain ? '' : ', as far as is known'}: ${named}${more}.`;
}
