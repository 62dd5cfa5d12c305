import type { Rendered } from '@vastai-cli/kit/render/advice';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import type { Finding } from './finding.js';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok', info: '-', problem: 'WRONG' };

/** A line for each finding, its fix below it, and the outcome. */
export function printFindings(
  findings: readonly Rendered<Finding>[],
  output: Output,
  { stdout: style }: Terminal,
): void {
  const colours = { ok: style.green, info: style.dim, problem: style.red };
  for (const { check, state, message, fix } of findings) {
    output.sentence(
      message,
      `${colours[state](MARKS[state])}${' '.repeat(6 - MARKS[state].length)}${check.padEnd(14)}`,
    );
    for (const line of fix?.split('\n') ?? []) output.sentence(line, `${' '.repeat(20)}→ `);
  }
  const wrong = findings.filter(({ state }) => state === 'problem').length;
  output.line(
    wrong === 0
      ? '\nNothing is wrong.'
      : `\n${style.red(`${wrong === 1 ? 'One thing is' : `${wrong} things are`} wrong.`)}`,
  );
}
