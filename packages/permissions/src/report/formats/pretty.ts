import { count } from '../../json/count.js';
import type { Diagnostic, Severity } from '../../validation/diagnostics.js';
import type { Report } from '../report.js';
import { countBySeverity } from '../selection.js';
import { excerpt, roomFor } from './excerpt.js';
import { printable } from './printable.js';
import type { StyledLine, StyledSpan, StyledText } from './styled-text.js';

const STYLES = { error: 'red', security: 'magenta', warning: 'yellow' } as const satisfies Readonly<
  Record<Severity, StyledSpan['style']>
>;

/** Formats each diagnostic with its source line and carets, followed by the totals. */
export function prettyFormat({ files, diagnostics, extracted }: Report): StyledLine[] {
  const lines = new Map(files.map(({ file, text }) => [file, text.split(/\r\n|\r|\n/u)]));
  const blocks = diagnostics.flatMap((diagnostic) => [
    ...block(diagnostic, lines.get(diagnostic.file)?.[diagnostic.line - 1]),
    entry(''),
  ]);
  return [
    ...blocks,
    entry(summary({ files, diagnostics, ...(extracted === undefined ? {} : { extracted }) })),
  ];
}

function block(diagnostic: Diagnostic, source: string | undefined): StyledLine[] {
  const { code, severity, file, line, column, message, help } = diagnostic;
  const style = STYLES[severity];
  const head = entry(
    `${printable(file)}:${line}:${column} `,
    { text: `${severity} ${code}`, style },
    ` ${message}`,
  );
  const foot = entry(faint('help:'), ` ${help}`);
  if (source === undefined || source === '') return [head, foot];
  const gutter = `${line} | `;
  const marked: StyledLine = {
    kind: 'sized',
    textFor: (columns) => {
      const { shown, before } = excerpt(source, column, roomFor(gutter, columns));
      const caret = { text: carets(diagnostic, shown.length - before), style };
      const below = `${' '.repeat(gutter.length - 2)}| `;
      return [faint(gutter), `${shown}\n`, faint(below), ' '.repeat(before), caret];
    },
  };
  return [head, marked, foot];
}

function entry(...text: StyledText): StyledLine {
  return { kind: 'entries', text };
}

function faint(text: string): StyledSpan {
  return { text, style: 'dim' };
}

function carets({ line, column, endLine, endColumn }: Diagnostic, room: number): string {
  const width = endLine === line ? endColumn - column : 1;
  return '^'.repeat(Math.max(1, Math.min(width, room)));
}

function summary({ files, diagnostics, extracted }: Report): string {
  const { error, security, warning } = countBySeverity(diagnostics);
  const others = files.length - (extracted?.length ?? 0);
  const documents = extracted?.reduce((sum, one) => sum + one.documents.length, others);
  const inFiles = count(files.length, 'file');
  const where = documents === undefined ? inFiles : `${count(documents, 'document')} in ${inFiles}`;
  if (error + security + warning === 0) return `No findings in ${where}.`;
  const found = [count(error, 'error'), count(security, 'security finding'), count(warning, 'warning')];
  return `${found.join(', ')} in ${where}.`;
}
