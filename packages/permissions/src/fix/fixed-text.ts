import type { Edit } from '../json/edits.js';
import type { DiagnosticCode } from '../validation/diagnostics.js';

/** Describes one repair. */
export interface Fix {
  /** The diagnostic that it resolves. */
  readonly code: DiagnosticCode;
  /** One sentence that describes the change. */
  readonly message: string;
}

/** Describes a repair and the edits that make it. */
export interface Repair extends Fix {
  readonly edits: readonly Edit[];
}

export interface FixedText {
  /** The text to write as UTF-8, or the decoded input if nothing was repaired. */
  readonly text: string;
  /** Empty if nothing was repaired and the file should not be written. */
  readonly fixes: readonly Fix[];
}
