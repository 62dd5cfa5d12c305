import { note, type Remark, warning } from '@vastai-cli/kit/result';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import { violationLine } from '@vastai-cli/permissions/report/gates';
import type { AllowedFinding, ExtractedFile, Report } from '@vastai-cli/permissions/report/report';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Returns the messages next to a report: failed gates, and what the policies allow or no longer allow. */
export function validationRemarks({
  violations = [],
  allowed = [],
  expired = [],
  extracted = [],
  diagnostics,
}: Report): Remark[] {
  return [
    ...extracted.flatMap((file) => extractionRemarks(file, diagnostics)),
    ...allowedRemarks(allowed),
    ...expired.map(({ policy, line, finding, expires }) =>
      forPeople(warning(`${printable(policy)}:${line}: the allowance for ${finding} expired on ${expires}.`)),
    ),
    ...violations.map((violation) => forPeople(note(printable(violationLine(violation))))),
  ];
}

/** Says what of a file was not checked, and what to do instead of `permissions fix`. */
function extractionRemarks(
  { file, documents, skipped }: ExtractedFile,
  diagnostics: readonly Diagnostic[],
): Remark[] {
  const name = printable(file);
  const none = documents.length + skipped.length === 0 ? [`${name} contains no permission documents.`] : [];
  const missed = skipped.map(
    ({ line, column, reason }) => `${name}:${line}:${column}: Not checked: ${reason}`,
  );
  const hasErrors = diagnostics.some((one) => one.file === file && one.severity === 'error');
  const byHand = hasErrors ? [`Correct ${name} yourself: permissions fix changes only JSON files.`] : [];
  return [...none, ...missed, ...byHand].map((text) => forPeople(note(text)));
}

function allowedRemarks(allowed: readonly AllowedFinding[]): Remark[] {
  const policies = [...new Set(allowed.map(({ policy }) => policy))];
  return policies.map((policy) => {
    const count = allowed.filter((one) => one.policy === policy).length;
    const what = count === 1 ? '1 finding is' : `${count} findings are`;
    return forPeople(note(`${what} allowed by ${printable(policy)}.`));
  });
}

function forPeople(remark: Remark): Remark {
  return { ...remark, forPeople: true };
}
