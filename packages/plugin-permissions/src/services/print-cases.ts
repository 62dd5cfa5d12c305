import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { CaseReport } from './case-run.js';

/** A line for each case, why those failed that did, and the totals. */
export function printCases(
  { cases, passed, failed }: CaseReport,
  output: Output,
  { stdout }: Terminal,
): void {
  for (const { name, passed: isPassed, expect, verdict, reason } of cases) {
    const mark = isPassed ? stdout.green('ok    ') : stdout.red('FAILED');
    output.sentence(printable(name), `${mark} `);
    if (!isPassed) output.sentence(`expected ${expect}, but ${verdict}: ${reason}`, ' '.repeat(7));
  }
  output.line(`${passed} passed, ${failed} failed.`);
}
