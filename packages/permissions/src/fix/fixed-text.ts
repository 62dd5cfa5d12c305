import type { DiagnosticCode } from '../validation/diagnostics.js';

/** One repair that was made. */
export interface Fix {
  /** The diagnostic that is gone. */
  readonly code: DiagnosticCode;
  /** The change, in a sentence. */
  readonly message: string;
}

export interface FixedText {
  /** The text to write as UTF-8; the decoded input where nothing was repaired. */
  readonly text: string;
  /** Empty where nothing was repaired: then the file is to be left alone. */
  readonly fixes: readonly Fix[];
}
