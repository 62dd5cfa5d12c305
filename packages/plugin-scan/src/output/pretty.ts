import { line, type Part, type Span, type Style } from '@vastai-cli/kit/result';
import { REASONS } from '@vastai-cli/leak-scan';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Finding, ScanReport } from './scan-report.js';

const STYLES: Readonly<Record<NonNullable<Finding['verified']>, Style>> = {
  live: 'red',
  revoked: 'green',
  unknown: 'yellow',
};

/** Formats a report for people: one line for each key, with nothing of it but its end. */
export function prettyFormat({ findings }: ScanReport): Part[] {
  return findings.map((finding) => {
    const { path, line: row, column, suffix, reason } = finding;
    return line([
      { text: `${printable(path)}:${row}:${column}`, style: 'bold' },
      '  ',
      { text: `…${suffix}`, style: 'cyan' },
      `  ${REASONS[reason]}${commitWords(finding)}`,
      ...verdictSpans(finding),
    ]);
  });
}

/** Says what is known about a live key: `live (you@example.com, key 42)`. */
export function verdictWords({ verified, key_id, account }: Finding): string {
  const whose =
    account?.email ?? account?.username ?? (account === undefined ? undefined : `account ${account.id}`);
  const known = [whose, key_id === undefined ? undefined : `key ${key_id}`].filter(
    (one) => one !== undefined,
  );
  return known.length === 0 ? `${verified}` : `${verified} (${known.join(', ')})`;
}

/** Names the commit of a finding from git, and its day. */
export function commitWords({ commit, authored }: Finding): string {
  if (commit === undefined) return '';
  return `, in commit ${commit.slice(0, 12)}${authored === undefined ? '' : ` of ${dayOf(authored)}`}`;
}

/** Returns the day of a time in UTC. A commit can have any time, also one that no calendar has. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(/T.*$/u, '');
}

function verdictSpans(finding: Finding): (string | Span)[] {
  const { verified } = finding;
  return verified === undefined ? [] : ['  ', { text: verdictWords(finding), style: STYLES[verified] }];
}
