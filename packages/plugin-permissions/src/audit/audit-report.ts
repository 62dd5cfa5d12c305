import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import type { Capability } from '@vastai-cli/permissions/decision/capability-names';
import { byFile } from '@vastai-cli/permissions/report/by-file';
import { type JsonReport, jsonReport } from '@vastai-cli/permissions/report/formats/json';
import type { Report } from '@vastai-cli/permissions/report/report';
import { countBySeverity } from '@vastai-cli/permissions/report/selection';
import type { Diagnostic, Severity } from '@vastai-cli/permissions/validation/diagnostics';
import type { ValidationFlags } from '../commands/permissions/validate-files.js';
import type { Account } from './account.js';
import { applyPolicy } from './apply-policy.js';
import { type AgeLimit, type AuditEntry, auditHolder } from './audit-entry.js';
import { type Compared, compareAll, type Difference } from './compare.js';
import type { ExpectedFile } from './expected-files.js';
import { type PlannedStep, planFor } from './plan.js';

/** Describes the output of `permissions audit --json`. */
export interface AuditReport extends JsonReport {
  /** The keys, then the roles, in the order of the API. With `--can`, only those that can or may. */
  readonly entries: readonly AuditEntry[];
  /** With `--expect`: what is not as the folder says. */
  readonly differences?: readonly Difference[];
  /** With `--plan`: one step for each difference. */
  readonly plan?: readonly PlannedStep[];
  /** One sentence for each part of the account that could not be read. */
  readonly notes: readonly string[];
}

export interface AuditOptions extends ValidationFlags {
  readonly age: AgeLimit;
  /** Keep keys and roles that have, or may have, one of these. Empty for all. */
  readonly can: readonly Capability[];
  /** The files of `--expect`, or undefined without it. */
  readonly expected: readonly ExpectedFile[] | undefined;
  /** The flags that commands of the plan need, or undefined without `--plan`. */
  readonly planFor: AdviceTarget | undefined;
}

/** Holds the document of the command, and the findings in the form that the output formats take. */
export interface Audit {
  readonly document: AuditReport;
  readonly report: Report;
  readonly failLevelOf: (diagnostic: Diagnostic) => Severity;
}

/** Judges an account. @throws UsageError if a policy or the baseline cannot be read or written. */
export async function audit(account: Account, options: AuditOptions): Promise<Audit> {
  const { can, expected } = options;
  const holders = account.holders
    .map((holder) => auditHolder(holder, account, options.age))
    .filter(({ entry }) => can.length === 0 || can.some((one) => has(entry, one)));
  const compared = expected && compareAll(account, expected);
  const { report, failLevelOf } = await applyPolicy(holders, compared ?? [], expected ?? [], options);
  const findingsBy = byFile(report.diagnostics);
  return {
    report,
    failLevelOf,
    document: {
      entries: holders.map(({ entry }) => withCounts(entry, findingsBy.get(entry.reference) ?? [])),
      ...(compared === undefined ? {} : { differences: compared.map(differenceOnly) }),
      ...(compared === undefined || options.planFor === undefined
        ? {}
        : { plan: planFor(compared, options.planFor) }),
      notes: account.notes,
      ...jsonReport(report),
    },
  };
}

/** The findings that fail whatever their severity: their flags ask for young keys, and for what the folder says. */
const ASKED_FOR: ReadonlySet<string> = new Set(['VP303', 'VP304', 'VP305', 'VP306', 'VP307']);

/**
 * Returns a test for findings that make the audit fail, so that every report shows why it failed. A finding that a policy or
 * a baseline accepts is no longer in the report, so an accepted difference does not fail.
 *
 * @param isFailure returns true for findings that fail by their severity
 */
export function auditFailureTest(
  { document }: Audit,
  isFailure: (diagnostic: Diagnostic) => boolean,
): (diagnostic: Diagnostic) => boolean {
  const incomparable = new Set(
    (document.differences ?? [])
      .filter(({ state }) => state === 'unknown')
      .map(({ reference, file }) => reference ?? file),
  );
  return (one) =>
    ASKED_FOR.has(one.code) || isFailure(one) || (one.code === 'VP302' && incomparable.has(one.file));
}

/** Returns true if the audit fails. What cannot be compared fails, even if its finding is accepted. */
export function auditFails(
  { document, report }: Audit,
  isFailure: (diagnostic: Diagnostic) => boolean,
): boolean {
  return (
    report.diagnostics.some(isFailure) ||
    document.violations.length > 0 ||
    (document.differences ?? []).some(({ state }) => state === 'unknown' || state === 'invalid_file')
  );
}

function has({ can, may }: Pick<AuditEntry, 'can' | 'may'>, capability: Capability): boolean {
  return can.includes(capability) || may.includes(capability);
}

/** Puts the findings between the name and the dates, as in the table. */
function withCounts(
  { createdAt, usage, lastUsed, ...entry }: Omit<AuditEntry, 'findings'>,
  own: readonly Diagnostic[],
): AuditEntry {
  return { ...entry, findings: countBySeverity(own), createdAt, usage, lastUsed };
}

function differenceOnly({ reference, file, name, state, changes }: Compared): Difference {
  return { reference, file, name, state, changes };
}
