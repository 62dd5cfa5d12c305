import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { isPath } from '@vastai-cli/kit/input/validate-document';
import type { ExtractedFile, ReportFile } from '@vastai-cli/permissions/report/report';
import { withoutCodes } from '@vastai-cli/permissions/report/selection';
import { readDocument, textToValidate } from '../../documents/document-source.js';
import type { Connect } from '../../documents/referenced-document.js';
import { Judge, type JudgingFlags } from '../../policy/judge.js';
import { type JudgedReport, type NamedJudgement, reportOn } from '../../policy/judged-report.js';
import type { AcceptedFindings } from './baseline-file.js';
import { checkInside, checkWhole } from './checked-file.js';

/** Describes how to judge the findings, and which to leave out. */
export interface ValidationFlags extends AcceptedFindings, JudgingFlags {
  /** Codes such as `VP101`. */
  readonly ignore?: readonly string[] | undefined;
  /** Look for documents inside files of other languages. */
  readonly extract?: boolean | undefined;
}

/**
 * Checks each document once.
 *
 * @param references see `readDocument`
 * @throws UsageError if a file, a policy or the baseline cannot be read; ApiError if the API returns an error;
 *   VastaiError `findings` for a key with full access, which has no document.
 */
export async function validateFiles(
  references: readonly string[],
  flags: ValidationFlags,
  connect: Connect,
): Promise<JudgedReport> {
  const judge = new Judge(flags);
  const files: ReportFile[] = [];
  const extracted: ExtractedFile[] = [];
  const found: NamedJudgement[] = [];
  for (const reference of new Set(references)) {
    const source = await readDocument(reference, connect);
    const { name } = source;
    const bytes = textToValidate(source);
    if (bytes === undefined) {
      throw new VastaiError('findings', `${name} has full access: it has no permission document.`);
    }
    const isInside = flags.extract === true && source.kind === 'text';
    const { text, documents, skipped } = await (isInside ? checkInside : checkWhole)(bytes, name);
    files.push({ file: name, text });
    if (skipped !== undefined) extracted.push({ file: name, documents, skipped });
    const path = source.kind === 'text' && isPath(name) ? name : undefined;
    for (const { document, diagnostics, line } of documents) {
      const left = withoutCodes(diagnostics, flags.ignore ?? []);
      const judgement = await judge.judge({ name, path, document, diagnostics: left });
      const { violations } = judgement;
      found.push({
        ...judgement,
        name,
        violations: line === undefined ? violations : violations.map((one) => ({ ...one, line })),
      });
    }
  }
  const { report, failLevelOf } = await reportOn(files, found, judge, flags);
  return { report: flags.extract === true ? { ...report, extracted } : report, failLevelOf };
}
