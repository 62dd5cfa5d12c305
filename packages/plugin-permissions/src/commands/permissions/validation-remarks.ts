import { note, type Remark, warning } from '@vastai-cli/kit/result';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import { violationLine } from '@vastai-cli/permissions/report/gates';
import type { AllowedFinding, Report } from '@vastai-cli/permissions/report/report';

/** Returns the messages next to a report: failed gates, and what the policies allow or no longer allow. */
export function validationRemarks({ violations = [], allowed = [], expired = [] }: Report): Remark[] {
  return [
    ...allowedRemarks(allowed),
    ...expired.map(({ policy, line, finding, expires }) =>
      forPeople(warning(`${printable(policy)}:${line}: the allowance for ${finding} expired on ${expires}.`)),
    ),
    ...violations.map((violation) => forPeople(note(printable(violationLine(violation))))),
  ];
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
