import { entries, type Part, sentence } from '@vastai-cli/kit/result';
import { type AccessDiff, diffDocuments } from '@vastai-cli/permissions/diff/diff';
import { diffText } from '@vastai-cli/permissions/diff/diff-text';
import { lineFinder } from '@vastai-cli/permissions/json/line-finder';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { ReferencedDocument } from '../../documents/referenced-document.js';
import { type Gates, type Violation, violations } from './access-gates.js';

/** Describes the output of `permissions diff --json`. */
export interface DiffReport extends AccessDiff {
  /** The names of the two documents, as in messages. */
  readonly before: string;
  readonly after: string;
  readonly violations: readonly Violation[];
}

/** Compares two documents and applies the gates. @throws UsageError as `violations` does. */
export function diffReport(before: ReferencedDocument, after: ReferencedDocument, gates: Gates): DiffReport {
  const lineOf = isWritten(after) ? lineFinder(after.text ?? '') : undefined;
  const { changes } = diffDocuments(before.document, after.document, lineOf);
  const failed = violations({ changes }, after.document, gates);
  return { before: before.name, after: after.name, changes, violations: failed };
}

/** Returns true for a document that someone can open at a line, and not only by a reference such as `key:42`. */
function isWritten({ name, text }: ReferencedDocument): boolean {
  return text !== undefined && text !== '' && !/^(?:key|preset|role):/u.test(name);
}

/** Formats the changes and the failed gates. */
export function diffParts(report: DiffReport): Part[] {
  const added = report.violations.filter(({ gate }) => gate === 'no-new-access').length;
  const failures = new Set(report.violations.map((violation) => failureOf(violation, report.after, added)));
  return [
    sentence({ text: `${printable(report.before)} → ${printable(report.after)}`, style: 'dim' }),
    entries(diffText(report)),
    ...[...failures].map((text) => sentence(text, [{ text: 'Gate failed:', style: 'red' }, ' '])),
  ];
}

function failureOf({ gate, name }: Violation, after: string, added: number): string {
  if (gate === 'not-granting') return `${printable(after)} allows or might allow ${name}.`;
  return `${added === 1 ? '1 change adds' : `${added} changes add`} or might add access.`;
}
