import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import type { AccessDiff } from '@vastai-cli/permissions/diff/diff';
import { diffText } from '@vastai-cli/permissions/diff/diff-text';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Violation } from './access-gates.js';

/** What `permissions diff --json` prints. */
export interface DiffReport extends AccessDiff {
  /** The two documents, as messages name them. */
  readonly before: string;
  readonly after: string;
  readonly violations: readonly Violation[];
}

/** The changes, and the gates that are not passed. */
export function printDiff(report: DiffReport, output: Output, { stdout }: Terminal): void {
  output.sentence(`${printable(report.before)} → ${printable(report.after)}`, '', stdout.dim);
  output.entries(diffText(report));
  for (const text of new Set(report.violations.map((one) => sentence(one, report)))) {
    output.sentence(text, `${stdout.red('Not passed:')} `);
  }
}

function sentence({ gate, name }: Violation, { after, violations }: DiffReport): string {
  if (gate === 'not-granting') return `${printable(after)} allows, or may allow, ${name}.`;
  const count = violations.filter((one) => one.gate === gate).length;
  return `${count === 1 ? 'one change gives' : `${count} changes give`}, or may give, new access.`;
}
