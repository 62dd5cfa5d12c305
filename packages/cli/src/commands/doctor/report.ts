import { type Rendered, rendered } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { line, type Part, type Result, type Style, sentence } from '@vastai-cli/kit/result';
import type { Finding } from './finding.js';

const MARKS: Readonly<Record<Finding['state'], { readonly text: string; readonly style: Style }>> = {
  ok: { text: 'ok', style: 'green' },
  info: { text: '-', style: 'dim' },
  problem: { text: 'WRONG', style: 'red' },
};

/** Returns the report of `doctor`: each finding, its fix below it, and the number of problems. */
export function reportOf(findings: readonly Finding[], target: AdviceTarget): Result {
  const checks = findings.map((finding) => rendered(finding, target));
  const wrong = checks.filter(({ state }) => state === 'problem').length;
  return {
    document: { checks },
    human: [...checks.flatMap(lines), outcome(wrong)],
    endsWith: wrong === 0 ? undefined : 'findings',
  };
}

function lines({ check, state, message, fix }: Rendered<Finding>): Part[] {
  const mark = MARKS[state];
  const steps = fix?.split('\n') ?? [];
  return [
    sentence(message, [mark, ' '.repeat(6 - mark.text.length), check.padEnd(14)]),
    ...steps.map((step) => sentence(step, `${' '.repeat(20)}→ `)),
  ];
}

function outcome(wrong: number): Part {
  if (wrong === 0) return line('\nNo problems found.');
  return line(['\n', { text: `${wrong === 1 ? '1 problem' : `${wrong} problems`} found.`, style: 'red' }]);
}
