import { entries, type Part, sentence } from '@vastai-cli/kit/result';
import { type AccessDiff, diffDocuments } from '@vastai-cli/permissions/diff/diff';
import { diffText } from '@vastai-cli/permissions/diff/diff-text';
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
  const { changes } = diffDocuments(before.document, after.document);
  const failed = violations({ changes }, after.document, gates);
  return { before: before.name, after: after.name, changes, violations: failed };
}

/** Formats the changes and the failed gates. */
export function diffParts(report: DiffReport): Part[] {
  const failures = new Set(report.violations.map((violation) => failureOf(violation, report)));
  return [
    sentence({ text: `${printable(report.before)} → ${printable(report.after)}`, style: 'dim' }),
    entries(diffText(report)),
    ...[...failures].map((text) => sentence(text, [{ text: 'Gate failed:', style: 'red' }, ' '])),
  ];
}

function failureOf({ gate, name }: Violation, { after, violations: all }: DiffReport): string {
  if (gate === 'not-granting') return `${printable(after)} allows or may allow ${name}.`;
  const count = all.filter((one) => one.gate === gate).length;
  return `${count === 1 ? '1 change adds' : `${count} changes add`} or may add access.`;
}
