import type { Diagnostic } from '../../validation/diagnostics.js';
import type { Report } from '../report.js';

/** The document of `permissions validate --json`. */
export interface JsonReport {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes the report data, each diagnostic with its fields in one order. */
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

/** Writes the report as JSON. */
export function jsonFormat(report: Report): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`;
}
