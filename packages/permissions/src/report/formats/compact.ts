import type { Report } from '../report.js';
import { printable } from './printable.js';

/** Formats each diagnostic as one line: `file:line:column: severity CODE message`. */
export function compactFormat({ diagnostics }: Report): string {
  return diagnostics
    .map(
      ({ file, line, column, severity, code, message }) =>
        `${printable(file)}:${line}:${column}: ${severity} ${code} ${message}\n`,
    )
    .join('');
}
