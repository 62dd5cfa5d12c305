import { formatPath, type Path } from '../json/json-path.js';
import { LineIndex, type Span } from '../json/positions.js';
import {
  DIAGNOSTIC_RULES,
  type Diagnostic,
  type DiagnosticCode,
  type DocumentAdvice,
} from './diagnostics.js';

/** The limit on findings per file, so that no file can use up the memory with them. */
const MAX_FINDINGS = 50_000;

export interface Finding {
  readonly code: DiagnosticCode;
  readonly span: Span;
  /** The part with the finding, or undefined for the document as a whole. */
  readonly path: Path | undefined;
  /** One sentence that says what is wrong. */
  readonly message: string;
  /** One sentence that says what to do. */
  readonly help: string;
  readonly advice?: DocumentAdvice;
}

/** Collects the findings of one file. */
export class Findings {
  readonly #found: Finding[] = [];

  /** True if the limit is reached, so that the check can stop. */
  get isFull(): boolean {
    return this.#found.length >= MAX_FINDINGS;
  }

  add(finding: Finding): void {
    if (!this.isFull) this.#found.push(finding);
  }

  /** Returns the findings by position, and by code if they have the same position. */
  diagnostics(text: string, file: string): Diagnostic[] {
    if (this.#found.length === 0) return [];
    if (this.isFull) this.#found.push(tooMany(text));
    const lines = new LineIndex(text);
    return this.#found
      .sort((left, right) => left.span.start - right.span.start || compare(left.code, right.code))
      .map(({ code, span, path, message, help, advice }) => {
        const start = lines.position(span.start);
        const end = lines.position(span.end);
        return {
          code,
          severity: DIAGNOSTIC_RULES[code].severity,
          file,
          line: start.line,
          column: start.column,
          endLine: end.line,
          endColumn: end.column,
          path: formatPath(path),
          message,
          help,
          ...(advice === undefined ? {} : { advice }),
        };
      });
  }
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function tooMany(text: string): Finding {
  return {
    code: 'VP025',
    span: { start: text.length, end: text.length },
    path: undefined,
    message: `More than ${MAX_FINDINGS} findings. The rest are not shown.`,
    help: 'Correct these first, then run it again.',
  };
}
