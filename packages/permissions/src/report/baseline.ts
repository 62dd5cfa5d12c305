import { fieldsOf } from '../json/json-object.js';
import type { Diagnostic } from '../validation/diagnostics.js';

/** Holds accepted findings: the content of a baseline file. */
export interface Baseline {
  readonly version: 1;
  /** Sorted by file, code and path. Has no line numbers, since those change. */
  readonly findings: readonly AcceptedFinding[];
}

export interface AcceptedFinding {
  readonly file: string;
  readonly code: string;
  readonly path: string;
  /** The number of findings with this code at this path. */
  readonly count: number;
}

/** Returns a baseline that accepts all the given diagnostics. */
export function baselineOf(diagnostics: readonly Diagnostic[]): Baseline {
  const counted = new Map<string, AcceptedFinding>();
  for (const diagnostic of diagnostics) {
    const { file, code, path } = diagnostic;
    const count = (counted.get(identity(diagnostic))?.count ?? 0) + 1;
    counted.set(identity(diagnostic), { file, code, path, count });
  }
  const findings = [...counted]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, finding]) => finding);
  return { version: 1, findings };
}

/**
 * Reads a baseline.
 *
 * @param value the parsed JSON of a baseline file
 * @returns undefined if it is not a baseline
 */
export function readBaseline(value: unknown): Baseline | undefined {
  const { version, findings } = fieldsOf(value) as Partial<Baseline>;
  return version === 1 && Array.isArray(findings) && findings.every(isAccepted)
    ? { version, findings }
    : undefined;
}

/** Returns the diagnostics that a baseline does not accept, including those that exceed its count at a path. */
export function beyondBaseline(diagnostics: readonly Diagnostic[], { findings }: Baseline): Diagnostic[] {
  const left = new Map(findings.map((finding) => [identity(finding), finding.count]));
  return diagnostics.filter((diagnostic) => {
    const count = left.get(identity(diagnostic)) ?? 0;
    left.set(identity(diagnostic), count - 1);
    return count <= 0;
  });
}

function identity({ file, code, path }: Pick<AcceptedFinding, 'file' | 'code' | 'path'>): string {
  return JSON.stringify([file, code, path]);
}

function isAccepted(value: unknown): value is AcceptedFinding {
  const { file, code, path, count } = fieldsOf(value) as Partial<AcceptedFinding>;
  return (
    typeof file === 'string' &&
    typeof code === 'string' &&
    typeof path === 'string' &&
    Number.isSafeInteger(count)
  );
}
