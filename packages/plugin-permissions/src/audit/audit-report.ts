import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import type { Capability } from '@vastai-cli/permissions/decision/capabilities';
import { type JsonReport, jsonReport } from '@vastai-cli/permissions/report/formats/json';
import type { Report } from '@vastai-cli/permissions/report/report';
import { countBySeverity, withoutCodes } from '@vastai-cli/permissions/report/selection';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { acceptFindings } from '../commands/permissions/baseline-file.js';
import type { Exceptions } from '../commands/permissions/validate-files.js';
import type { Account } from './account.js';
import { type AgeLimit, type AuditEntry, judge } from './audit-entry.js';
import { type Compared, compareAll, type Difference, findingsOf } from './compare.js';
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

export interface AuditOptions extends Exceptions {
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
}

/** Judges an account. @throws UsageError if the baseline cannot be read or written. */
export async function audit(account: Account, options: AuditOptions): Promise<Audit> {
  const { can, expected, ignore = [] } = options;
  const judged = account.holders
    .map((holder) => judge(holder, account, options.age))
    .filter(({ entry }) => can.length === 0 || can.some((one) => has(entry, one)));
  const compared = expected && compareAll(account.holders, expected);
  const invalid = (expected ?? []).filter(({ document }) => document === null);
  const found = [
    ...judged.flatMap(({ diagnostics }) => diagnostics),
    ...(compared ?? []).flatMap(findingsOf),
    ...invalid.flatMap(({ diagnostics }) => diagnostics),
  ];
  const diagnostics = await acceptFindings(withoutCodes(found, ignore), options);
  const report = { files: [...judged.map(({ file }) => file), ...filesOf(compared, invalid)], diagnostics };
  const findingsBy = byFile(diagnostics);
  return {
    report,
    document: {
      entries: judged.map(({ entry }) => withCounts(entry, findingsBy.get(entry.reference) ?? [])),
      ...(compared === undefined ? {} : { differences: compared.map(differenceOnly) }),
      ...(compared === undefined || options.planFor === undefined
        ? {}
        : { plan: planFor(compared, options.planFor) }),
      notes: account.notes,
      ...jsonReport(report),
    },
  };
}

function has({ can, may }: Pick<AuditEntry, 'can' | 'may'>, capability: Capability): boolean {
  return can.includes(capability) || may.includes(capability);
}

function byFile(diagnostics: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const group = groups.get(diagnostic.file);
    if (group === undefined) groups.set(diagnostic.file, [diagnostic]);
    else group.push(diagnostic);
  }
  return groups;
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

/** Returns the files that findings may be about, besides the keys and roles. */
function filesOf(
  compared: readonly Compared[] = [],
  invalid: readonly ExpectedFile[],
): { file: string; text: string }[] {
  const missing = compared.flatMap(({ state, expected }) =>
    state === 'no_key' && expected !== undefined ? [expected] : [],
  );
  return [...missing, ...invalid].map(({ path, text }) => ({ file: path, text }));
}
