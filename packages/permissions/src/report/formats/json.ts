import type { Diagnostic } from '../../validation/diagnostics.js';
import type { Report } from '../report.js';

/** What `permissions validate --json` prints. */
export interface JsonReport {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The report as data, each diagnostic with its fields in one order. */
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

/** The report as JSON text. */
export function jsonFormat(report: Report): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`;
}
