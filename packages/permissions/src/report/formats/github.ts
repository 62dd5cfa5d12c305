import type { Severity } from '../../validation/diagnostics.js';
import type { Report } from '../report.js';
import { printable } from './printable.js';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  security: 'warning',
  warning: 'warning',
};

/** Formats diagnostics as GitHub Actions workflow commands, which annotate the lines of a file. */
export function githubFormat({ diagnostics }: Report): string {
  return diagnostics
    .map(({ code, severity, file, line, column, endLine, endColumn, message, help }) => {
      const properties = Object.entries({
        file,
        line,
        endLine,
        col: column,
        endColumn,
        title: `${code} ${severity}`,
      });
      const place = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
      return `::${COMMANDS[severity]} ${place}::${escapeData(`${message} ${help}`)}\n`;
    })
    .join('');
}

/** Escapes a value the way the runner expects, so that nothing from a file can start a workflow command. */
function escapeData(text: string): string {
  return printable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
