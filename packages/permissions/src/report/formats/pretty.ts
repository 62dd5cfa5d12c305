import type { Diagnostic, Severity } from '../../validation/diagnostics.js';
import type { Report } from '../report.js';
import { countBySeverity } from '../selection.js';
import { printable } from './printable.js';

/** Puts colour to a text; what is absent stays as it is. */
export interface PrettyStyle {
  readonly severity?: (severity: Severity, text: string) => string;
  readonly faint?: (text: string) => string;
  /** Breaks a sentence into the lines of a terminal. */
  readonly fit?: (text: string) => string;
  /** The columns of that terminal: a line of a file is never broken, but shown in part. */
  readonly columns?: number;
}

/** Of a longer line only so much is shown around the finding. */
const WIDEST = 100;
const LEAST = 20;

/** For people: each diagnostic with its line and a caret under it, and the totals at the end. */
export function prettyFormat({ files, diagnostics }: Report, style: PrettyStyle = {}): string {
  const lines = new Map(files.map(({ file, text }) => [file, text.split(/\r\n|\r|\n/u)]));
  const blocks = diagnostics.map((diagnostic) =>
    block(diagnostic, lines.get(diagnostic.file)?.[diagnostic.line - 1], style),
  );
  const fit = style.fit ?? unchanged;
  return `${[...blocks, fit(summary({ files, diagnostics }))].join('\n\n')}\n`;
}

function block(diagnostic: Diagnostic, source: string | undefined, style: PrettyStyle): string {
  const { code, severity, file, line, column, message, help } = diagnostic;
  const paint = (text: string): string => style.severity?.(severity, text) ?? text;
  const { faint = unchanged, fit = unchanged, columns = Number.POSITIVE_INFINITY } = style;
  const head = fit(`${printable(file)}:${line}:${column} ${paint(`${severity} ${code}`)} ${message}`);
  const foot = fit(`${faint('help:')} ${help}`);
  if (source === undefined || source === '') return [head, foot].join('\n');
  const gutter = `${line} | `;
  const widest = Math.max(LEAST, Math.min(WIDEST, columns - gutter.length));
  const { shown, before } = excerpt(source, column, widest);
  const marked = `${' '.repeat(before)}${paint(carets(diagnostic, shown.length - before))}`;
  return [
    head,
    `${faint(gutter)}${shown}`,
    `${faint(`${' '.repeat(gutter.length - 2)}| `)}${marked}`,
    foot,
  ].join('\n');
}

function unchanged(text: string): string {
  return text;
}

/** A part of a line that holds the column, and how much of it stands before the column. */
function excerpt(source: string, column: number, widest: number): { shown: string; before: number } {
  const at = Math.min(column - 1, source.length);
  const half = Math.floor(widest / 2);
  const from = source.length <= widest ? 0 : Math.max(0, Math.min(at - half, source.length - widest));
  return { shown: printable(source.slice(from, from + widest)), before: at - from };
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
