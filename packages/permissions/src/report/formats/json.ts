import type { Diagnostic } from '../../validation/diagnostics.js';
import type { GateViolation } from '../gates.js';
import type { AllowedFinding, ExpiredAllowance, Report } from '../report.js';

/** Describes the output of `permissions validate --json`. */
export interface JsonReport {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The gates that a document fails. */
  readonly violations: readonly GateViolation[];
  /** What policies allow. It is not in the other lists. */
  readonly allowed: readonly AllowedFinding[];
  /** Entries of policies that no longer allow anything. */
  readonly expired: readonly ExpiredAllowance[];
}

/** Returns the report as data, with the fields of each diagnostic in a fixed order. */
export function jsonReport({
  files,
  diagnostics,
  violations = [],
  allowed = [],
  expired = [],
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
  };
}

/** Formats the report as JSON. */
export function jsonFormat(report: Report): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`;
}
