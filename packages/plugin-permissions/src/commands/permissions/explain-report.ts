import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import { isPath, validateDocument } from '@vastai-cli/kit/input/validate-document';
import { entries, note, type Part, type Remark, type Result } from '@vastai-cli/kit/result';
import { type Explanation, explain } from '@vastai-cli/permissions/explain/explain';
import { explanationText } from '@vastai-cli/permissions/explain/explain-text';
import { type NotUnderstood, notUnderstood } from '@vastai-cli/permissions/explain/not-understood';
import { readFile } from '@vastai-cli/permissions/explain/read-file';
import { explainShort } from '@vastai-cli/permissions/explain/short';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { DocumentSource } from '../../documents/document-source.js';
import type { StoredDocument } from '../../documents/referenced-document.js';
import { validDocument } from '../../documents/valid-document.js';

/** Describes the output of `permissions explain --json`. */
export interface ExplainReport extends Explanation {
  /** The name of the document, as in messages. */
  readonly source: string;
  /** Up to three sentences: what a key can do, the worst of it, and what is limited or unknown. */
  readonly short: readonly string[];
  /** The parts of the document whose effect nobody can tell. Lines are null for a document that is not a file. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** The errors of the file. The rest of it is explained as if they did not matter. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The most lines to print of a list that comes before the explanation. */
const SHOWN = 20;

/**
 * Explains a document, which may have errors.
 *
 * @throws VastaiError `findings` if it is not a JSON object from its beginning to its end.
 */
export function explainSource(source: DocumentSource, { short }: { short: boolean }): Result {
  const { document, parts, diagnostics } = explainable(source);
  const report: ExplainReport = {
    source: source.name,
    short: explainShort(document),
    ...explain(document),
    notUnderstood: parts,
    diagnostics,
  };
  return {
    document: report,
    human: short ? [entries(`${report.short.join('\n')}\n`)] : fullText(report),
    remarks: short ? errorsRemark(report) : [],
    endsWith: diagnostics.length === 0 ? undefined : 'findings',
  };
}

interface Explainable {
  readonly document: StoredDocument;
  readonly parts: readonly NotUnderstood[];
  readonly diagnostics: readonly Diagnostic[];
}

function explainable(source: DocumentSource): Explainable {
  const { name } = source;
  if (source.kind === 'stored') {
    return { document: source.document, parts: notUnderstood(source.document), diagnostics: [] };
  }
  const { text, diagnostics } = validateDocument(source.bytes, name);
  const file = readFile(text);
  if (file === undefined) return { document: validDocument(source).document, parts: [], diagnostics: [] };
  return {
    document: file.document,
    parts: notUnderstood(file.document, file),
    diagnostics: diagnostics.filter(({ severity }) => severity === 'error'),
  };
}

function fullText(report: ExplainReport): Part[] {
  const { diagnostics, notUnderstood: parts } = report;
  const errors = diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
  const unclear = parts.map(({ path, line, column, reason }) =>
    line === null ? `${path} ${reason}` : `${line}:${column} ${reason}`,
  );
  const lines = [...section('Errors', errors), ...section('Not understood', unclear)];
  return [entries([...lines, explanationText(report)].join('\n'))];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more (see --json)`] : [];
  return [title, ...[...lines.slice(0, SHOWN), ...more].map((line) => `  ${line}`), ''];
}

function errorsRemark({ source, diagnostics: { length } }: ExplainReport): Remark[] {
  if (length === 0) return [];
  const errors = length === 1 ? 'an error' : `${length} errors`;
  const see = isPath(source)
    ? ` To see ${length === 1 ? 'it' : 'them'}, run: vastai permissions validate ${shellWord(source)}`
    : '';
  return [{ ...note(`${printable(source)} has ${errors}.${see}`), forPeople: true }];
}
