import type { SkippedPiece } from '../extract/extract.js';
import type { Diagnostic } from '../validation/diagnostics.js';
import type { GateViolation } from './gates.js';

/** Holds the findings to print in one of the output formats. */
export interface Report {
  readonly files: readonly ReportFile[];
  /** In the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
  readonly violations?: readonly GateViolation[];
  /** Lists what policies allow. It is not in the other lists. */
  readonly allowed?: readonly AllowedFinding[];
  readonly expired?: readonly ExpiredAllowance[];
  /** The files in which documents were looked for. */
  readonly extracted?: readonly ExtractedFile[];
}

/** Describes what was found in a file of another language. */
export interface ExtractedFile {
  readonly file: string;
  readonly documents: readonly { readonly line?: number; readonly column?: number }[];
  readonly skipped: readonly SkippedPiece[];
}

/** Describes a finding, or what a gate forbids, that a policy allows. */
export interface AllowedFinding {
  /** A code such as `VP205`, or a gate such as `spend-money`. */
  readonly finding: string;
  readonly file: string;
  /** JSONPath of the finding. Absent for a gate. */
  readonly path?: string;
  readonly reason: string;
  /** The last day, as `YYYY-MM-DD`. */
  readonly expires?: string;
  /** The path of the policy file. */
  readonly policy: string;
}

/** Describes an entry of a policy that no longer allows anything. */
export interface ExpiredAllowance {
  /** The path of the policy file. */
  readonly policy: string;
  readonly line: number;
  readonly finding: string;
  /** The last day, as `YYYY-MM-DD`. */
  readonly expires: string;
}

export interface ReportFile {
  /** The name in the diagnostics. */
  readonly file: string;
  /** The text that `validate` returned. */
  readonly text: string;
}
