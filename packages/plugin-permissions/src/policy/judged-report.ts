import type { Report, ReportFile } from '@vastai-cli/permissions/report/report';
import type { Diagnostic, Severity } from '@vastai-cli/permissions/validation/diagnostics';
import { type AcceptedFindings, acceptFindings } from '../commands/permissions/baseline-file.js';
import type { Judge, Judgement } from './judge.js';

/** Holds what remains of the findings of one document. */
export interface NamedJudgement extends Judgement {
  /** The name of the document in its findings. */
  readonly name: string;
}

/** Holds the findings of all documents, and the level at which each document fails. */
export interface JudgedReport {
  readonly report: Report;
  readonly failLevelOf: (diagnostic: Diagnostic) => Severity;
}

/**
 * Puts the judgements of documents together, without the findings that a baseline accepts.
 *
 * @throws what `acceptFindings` and `Judge.expired` throw.
 */
export async function reportOn(
  files: readonly ReportFile[],
  judged: readonly NamedJudgement[],
  judge: Judge,
  accepted: AcceptedFindings,
): Promise<JudgedReport> {
  const failLevels = new Map(judged.map(({ name, failLevel }) => [name, failLevel]));
  const report = {
    files,
    diagnostics: await acceptFindings(
      judged.flatMap(({ diagnostics }) => diagnostics),
      accepted,
    ),
    violations: judged.flatMap(({ violations }) => violations),
    allowed: judged.flatMap(({ allowed }) => allowed),
    expired: await judge.expired(),
  };
  return { report, failLevelOf: ({ file }) => failLevels.get(file) ?? 'error' };
}
