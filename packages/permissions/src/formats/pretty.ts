import type { Diagnostic, Severity } from '../diagnostics.js';
import type { Report } from '../report.js';
import { countBySeverity } from '../selection.js';
import { printable } from './printable.js';

/** Puts colour to a text; what is absent stays as it is. */
export interface PrettyStyle {
  readonly severity?: (severity: Severity, text: string) => string;
  readonly faint?: (text: string) => string;
}

/** Of a longer line only so much is shown around the finding. */
const WIDEST = 100;

/** For people: each diagnostic with its line and a caret under it, and the totals at the end. */
export function prettyFormat({ files, diagnostics }: Report, style: PrettyStyle = {}): string {
  const lines = new Map(files.map(({ file, text }) => [file, text.split(/\r\n|\r|\n/u)]));
  const blocks = diagnostics.map((diagnostic) =>
    block(diagnostic, lines.get(diagnostic.file)?.[diagnostic.line - 1], style),
  );
  return `${[...blocks, summary({ files, diagnostics })].join('\n\n')}\n`;
}

function block(diagnostic: Diagnostic, source: string | undefined, style: PrettyStyle): string {
  const { code, severity, file, line, column, message, help } = diagnostic;
  const paint = (text: string): string => style.severity?.(severity, text) ?? text;
  const faint = style.faint ?? ((text: string): string => text);
  const head = `${printable(file)}:${line}:${column} ${paint(`${severity} ${code}`)} ${message}`;
  const foot = `${faint('help:')} ${help}`;
  if (source === undefined || source === '') return [head, foot].join('\n');
  const { shown, before } = excerpt(source, column);
  const gutter = `${line} | `;
  const marked = `${' '.repeat(before)}${paint(carets(diagnostic, shown.length - before))}`;
  return [
    head,
    `${faint(gutter)}${shown}`,
    `${faint(`${' '.repeat(gutter.length - 2)}| `)}${marked}`,
    foot,
  ].join('\n');
}

/** A part of a line that holds the column, and how much of it stands before the column. */
function excerpt(source: string, column: number): { shown: string; before: number } {
  const at = Math.min(column - 1, source.length);
  const from = source.length <= WIDEST ? 0 : Math.max(0, Math.min(at - WIDEST / 2, source.length - WIDEST));
  return { shown: printable(source.slice(from, from + WIDEST)), before: at - from };
}

function carets({ line, column, endLine, endColumn }: Diagnostic, room: number): string {
  const width = endLine === line ? endColumn - column : 1;
  return '^'.repeat(Math.max(1, Math.min(width, room)));
}

function summary({ files, diagnostics }: Report): string {
  const { error, security, warning } = countBySeverity(diagnostics);
  const where = count(files.length, 'file');
  if (error + security + warning === 0) return `No findings in ${where}.`;
  const found = [count(error, 'error'), count(security, 'security finding'), count(warning, 'warning')];
  return `${found.join(', ')} in ${where}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
