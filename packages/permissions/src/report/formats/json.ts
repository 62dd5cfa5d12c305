import type { SkippedPiece } from '../../extract/extract.js';
import type { Diagnostic } from '../../validation/diagnostics.js';
import type { GateViolation } from '../gates.js';
import type { AllowedFinding, ExpiredAllowance, ExtractedFile, Report } from '../report.js';

/** Describes the output of `permissions validate --json`. */
export interface JsonReport {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The gates that a document fails. */
  readonly violations: readonly GateViolation[];
  /** Lists what policies allow. It is not in the other lists. */
  readonly allowed: readonly AllowedFinding[];
  /** Entries of policies that no longer allow anything. */
  readonly expired: readonly ExpiredAllowance[];
  /** With `--extract`: the documents inside files. */
  readonly documents?: readonly FoundDocument[];
  /** With `--extract`: what seems to be a document, but could not be checked. */
  readonly skipped?: readonly SkippedPiece[];
}

interface FoundDocument {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Returns the report as data, with the fields of each diagnostic in a fixed order. */
export function jsonReport({
  files,
  diagnostics,
  violations = [],
  allowed = [],
  expired = [],
  extracted,
}: Report): JsonReport {
  return {
    files: files.map(({ file }) => file),
    diagnostics: diagnostics.map(
      ({ code, severity, file, line, column, endLine, endColumn, path, message, help }) => ({
        code,
        severity,
        file,
        line,
        column,
        endLine,
        endColumn,
        path,
        message,
        help,
      }),
    ),
    violations,
    allowed,
    expired,
    ...(extracted === undefined ? {} : extraction(extracted)),
  };
}

function extraction(extracted: readonly ExtractedFile[]): Pick<JsonReport, 'documents' | 'skipped'> {
  return {
    documents: extracted.flatMap(({ file, documents }) =>
      documents.map(({ line = 1, column = 1 }) => ({ file, line, column })),
    ),
    skipped: extracted.flatMap(({ skipped }) => skipped),
  };
}
