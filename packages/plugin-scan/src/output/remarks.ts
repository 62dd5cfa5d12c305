import { note, type Remark, warning } from '@vastai-cli/kit/result';
import type { Collected, SkipReason } from '../keys/collected.js';
import type { ScanReport } from './scan-report.js';

const SKIPPED: Readonly<Record<SkipReason, string>> = {
  archive: 'not unpacked',
  binary: 'binary',
  link: 'behind a link',
  missing: 'not in this copy of the repository',
  special: 'not a regular file',
  too_large: 'larger than 20 MiB',
  unreadable: 'unreadable',
};

/** Returns what to say beside the findings: what was left out, and what to do next. */
export function remarksOf(
  { findings, skipped }: ScanReport,
  { allowed, files, found }: Pick<Collected, 'allowed' | 'files' | 'found'>,
  written: string | undefined,
): Remark[] {
  const hidden = found.length - findings.length;
  const texts = [
    ...(findings.length === 0
      ? [`No ${hidden > 0 ? 'new ' : ''}Vast.ai key found in ${counted(files, 'file')}.`]
      : []),
    ...(written === undefined ? [] : [`Wrote ${counted(found.length, 'key')} to ${written}, as hashes.`]),
    ...(written === undefined && hidden > 0
      ? [`Hid ${counted(hidden, 'key')} that the baseline lists.`]
      : []),
    ...(allowed > 0 ? [`Left out ${counted(allowed, 'key')} that a comment allows.`] : []),
    ...nextSteps({ findings, skipped }),
  ];
  return [...skippedRemarks(skipped), ...texts.map(note)].map((remark) => ({ ...remark, forPeople: true }));
}

function nextSteps({ findings }: ScanReport): string[] {
  if (findings.length === 0) return [];
  const isEvery = (state: string) => findings.every(({ verified }) => verified === state);
  if (isEvery('revoked')) return [];
  return [
    'Delete a leaked key, even if you remove it from the file: vastai revoke api-key',
    ...(findings.some(({ verified }) => verified !== undefined)
      ? []
      : ['To see which keys still work, add --verify.']),
  ];
}

function skippedRemarks(skipped: ScanReport['skipped']): Remark[] {
  const counts = new Map<SkipReason, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size === 0) return [];
  const list = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  const words = list.map(([reason, count]) => `${count} ${SKIPPED[reason]}`).join(', ');
  const text = `Skipped ${counted(skipped.length, 'file')}: ${words}. --json lists them.`;
  return [counts.has('unreadable') ? warning(text) : note(text)];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
