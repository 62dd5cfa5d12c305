import type { Diagnostic } from '../validation/diagnostics.js';

/** Holds the findings to print in one of the output formats. */
export interface Report {
  readonly files: readonly ReportFile[];
  /** In the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportFile {
  /** The name in the diagnostics. */
  readonly file: string;
  /** The text that `validate` returned. */
  readonly text: string;
}
