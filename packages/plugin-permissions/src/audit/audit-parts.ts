import { type Column, entries, line, type Part, type Style, sentence, table } from '@vastai-cli/kit/result';
import { diffText } from '@vastai-cli/permissions/diff/diff-text';
import { count } from '@vastai-cli/permissions/json/count';
import { quote } from '@vastai-cli/permissions/json/quote';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import { countBySeverity } from '@vastai-cli/permissions/report/selection';
import type { AuditEntry } from './audit-entry.js';
import type { AuditReport } from './audit-report.js';
import type { Difference } from './compare.js';
import type { PlannedStep } from './plan.js';
import { ageOf, sinceThen } from './time.js';

/** The number of changes to show of one key. */
const SHOWN = 5;

/** Formats the table of keys and roles, then the differences and the plan. */
export function auditParts(
  { entries: rows, differences, plan, diagnostics }: AuditReport,
  { now }: { readonly now: number },
): Part[] {
  return [
    ...(rows.length === 0 ? [] : [table(columnsAt(now), rows)]),
    sentence(summaryOf(rows, countBySeverity(diagnostics))),
    ...ageParts(diagnostics),
    ...(differences ?? []).flatMap(differenceParts),
    ...(plan ?? []).flatMap(planParts),
  ];
}

function columnsAt(now: number): readonly Column<AuditEntry>[] {
  return [
    { title: 'ID', value: ({ id }) => (id === null ? '-' : String(id)) },
    { title: 'NAME', value: ({ name }) => name ?? '', shrinks: true },
    { title: 'KIND', value: ({ kind }) => kind },
    { title: 'AGE', value: ({ createdAt }) => (createdAt === null ? '-' : ageOf(createdAt, now)) },
    { title: 'LAST USE', value: (entry) => lastUseOf(entry, now), wraps: true },
    { title: 'FINDINGS', value: ({ findings }) => countsOf(findings), wraps: true },
    { title: 'AT WORST', value: ({ atWorst }) => atWorst, wraps: true, style: styleOf },
  ];
}

function styleOf({ kind, can, may, access }: AuditEntry): Style | undefined {
  if (kind === 'primary') return undefined;
  if (can.includes('mint-keys')) return 'red';
  return access === 'unknown' || may.includes('mint-keys') ? 'yellow' : undefined;
}

function lastUseOf({ usage, lastUsed }: AuditEntry, now: number): string {
  if (lastUsed !== null) return sinceThen(lastUsed, now);
  return { used: '-', never_seen: 'not seen', not_observable: 'not observable', unknown: '-' }[usage];
}

function countsOf({ error, security, warning }: AuditEntry['findings']): string {
  const counts = [
    ...(error > 0 ? [count(error, 'error')] : []),
    ...(security > 0 ? [`${security} security`] : []),
    ...(warning > 0 ? [count(warning, 'warning')] : []),
  ];
  return counts.length === 0 ? '-' : counts.join(', ');
}

function summaryOf(rows: readonly AuditEntry[], found: AuditEntry['findings']): string {
  const roles = rows.filter(({ kind }) => kind === 'role').length;
  const holders = `${count(rows.length - roles, 'key')}, ${count(roles, 'role')}`;
  const { error, security, warning } = found;
  const findings = `${count(error, 'error')}, ${count(security, 'security finding')}, ${count(warning, 'warning')}`;
  const where = error + security + warning === 0 ? '' : ' To see the findings, add --format pretty.';
  return `${holders}: ${findings}.${where}`;
}

function ageParts(diagnostics: AuditReport['diagnostics']): Part[] {
  const old = diagnostics.filter(({ code }) => code === 'VP303').map(({ file }) => file);
  return old.length === 0 ? [] : [sentence(`Older than --max-age, or of unknown age: ${old.join(', ')}.`)];
}

function differenceParts({ reference, file, name, state, changes }: Difference): Part[] {
  const path = printable(file ?? '');
  const named = name === null || reference?.startsWith('role:') ? '' : ` ${quote(name)}`;
  const holder = reference === null ? '' : `${reference}${named}`;
  const shown = changes.slice(0, SHOWN);
  const more = changes.length - shown.length;
  const parts = shown.length === 0 ? [] : [entries(indented(diffText({ changes: shown })))];
  const rest = more > 0 ? [sentence(`and ${more} more`, '  ')] : [];
  return [sentence(SENTENCES[state](holder, path)), ...parts, ...rest];
}

const SENTENCES: Readonly<Record<Difference['state'], (holder: string, path: string) => string>> = {
  more: (holder, path) => `${holder} allows more than ${path}:`,
  less: (holder, path) => `${holder} allows less than ${path}:`,
  both: (holder, path) => `${holder} differs from ${path}:`,
  unknown: (holder, path) =>
    holder === ''
      ? `${path} cannot be compared: the API did not list the roles.`
      : `${holder} cannot be compared with ${path}: the API does not return its permissions.`,
  invalid_file: (holder, path) =>
    holder === '' ? `${path} has errors.` : `${holder} cannot be compared with ${path}, which has errors.`,
  no_file: (holder) => `${holder} has no file.`,
  no_key: (_, path) => `${path} has no key or role.`,
};

function planParts({ text, commands }: PlannedStep): Part[] {
  return [sentence(text, 'Plan: '), ...commands.map((command) => line(`  ${command}`))];
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gmu, '  ');
}
