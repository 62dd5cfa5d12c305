import type { Diagnostic } from '../../validation/diagnostics.js';
import type { Report } from '../report.js';

/** Describes the output of `permissions validate --json`. */
export interface JsonReport {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Returns the report as data, with the fields of each diagnostic in a fixed order. */
export function jsonReport({ files, diagnostics }: Report): JsonReport {
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
  };
}

/** Formats the report as JSON. */
export function jsonFormat(report: Report): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`;
}
