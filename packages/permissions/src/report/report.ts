import type { Diagnostic } from '../validation/diagnostics.js';

/** Holds the findings of some files, which every output format shows. */
export interface Report {
  readonly files: readonly ReportFile[];
  /** Those to show, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportFile {
  /** The name that the diagnostics carry. */
  readonly file: string;
  /** The text that `validate` returned. */
  readonly text: string;
}
