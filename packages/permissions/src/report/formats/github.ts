import type { Severity } from '../../validation/diagnostics.js';
import { violationText } from '../gates.js';
import type { Report } from '../report.js';
import { withoutDot } from './file-uri.js';
import { printable } from './printable.js';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  security: 'warning',
  warning: 'warning',
};

/** Formats findings and failed gates as GitHub Actions workflow commands, which annotate the lines of a file. */
export function githubFormat({ diagnostics, violations = [] }: Report): string {
  const findings = diagnostics.map(
    ({ code, severity, file, line, column, endLine, endColumn, message, help }) =>
      workflowCommand(
        COMMANDS[severity],
        { file, line, endLine, col: column, endColumn, title: `${code} ${severity}` },
        `${message} ${help}`,
      ),
  );
  const gates = violations.map((violation) => {
    const { gate, file, line = 1 } = violation;
    return workflowCommand('error', { file, line, title: `Gate ${gate}` }, violationText(violation));
  });
  return [...findings, ...gates].join('');
}

/** Returns a workflow command, which annotates a place in a file. Nothing in its values can start another. */
export function workflowCommand(
  name: string,
  { file, ...place }: { readonly file: string } & Readonly<Record<string, string | number>>,
  message: string,
): string {
  const properties = Object.entries({ file: withoutDot(file), ...place })
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${name} ${properties}::${escapeData(message)}\n`;
}

/** Escapes a value the way the runner expects, so that nothing from a file can start a workflow command. */
function escapeData(text: string): string {
  return printable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
