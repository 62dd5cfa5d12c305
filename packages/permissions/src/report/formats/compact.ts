import type { Report } from '../report.js';
import { printable } from './printable.js';

/** Writes one line for each diagnostic: `file:line:column: severity CODE message`. */
export function compactFormat({ diagnostics }: Report): string {
  return diagnostics
    .map(
      ({ file, line, column, severity, code, message }) =>
        `${printable(file)}:${line}:${column}: ${severity} ${code} ${message}\n`,
    )
    .join('');
}
