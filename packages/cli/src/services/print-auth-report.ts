import { serverText } from '@vastai-cli/core/api/server-text';
import { adviceText } from '@vastai-cli/kit/advice';
import type { AdviceTarget } from '@vastai-cli/kit/advice-target';
import type { Output } from '@vastai-cli/kit/output';
import { type AuthReport, SAVE_ONE, type ShownSource } from './auth-report.js';

/** The places as a table, what is wrong with them, and the outcome in a sentence. */
export function printAuthReport(report: AuthReport, output: Output, target: AdviceTarget): void {
  const { profile, profile_from: from, url } = report;
  const why = from === 'default' ? 'nothing names another one' : `named by ${serverText(from)}`;
  output.sentence(`Profile ${profile} (${why}), ${url}\n`);
  output.table(
    [
      { title: '', value: ({ active }) => (active ? '*' : '') },
      { title: 'SOURCE', value: ({ source }) => source },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'KEY', value: ({ suffix }) => (suffix === undefined ? '' : `…${suffix}`) },
      { title: 'PLACE', value: ({ location }) => location, shrinks: true },
    ],
    report.sources,
  );
  output.line('');
  for (const source of report.sources) for (const line of problemLines(source)) output.sentence(line);
  output.sentence(outcome(report, target));
}

function problemLines({ source, problems }: ShownSource): string[] {
  return problems.map(({ message, fix = '' }) => {
    const fixes = fix === '' ? [] : fix.split('\n');
    return [`${source}: ${message}`, ...fixes.map((line) => `  ${line}`)].join('\n');
  });
}

function outcome({ state, active, user, url, sources }: AuthReport, target: AdviceTarget): string {
  const key = active === null ? '' : `The key …${active.suffix} of ${active.location}`;
  switch (state) {
    case 'verified':
      return `${key} is accepted${user === undefined ? '.' : `: ${serverText(user.email ?? user.username ?? 'user')} (id ${user.id}).`}`;
    case 'skipped':
      return `${key} would be sent. It was not checked.`;
    case 'rejected':
      return `${key} is rejected by ${url}.`;
    case 'unverifiable':
      return `${key} could not be checked.`;
    case 'unreadable':
      return 'There is a key that cannot be read, so none is sent.';
    case 'absent':
      return sources.some(isWithheld)
        ? `No key for ${url}: the saved one belongs to another API, so none is sent.`
        : `No key found.\n${adviceText(SAVE_ONE, target)}`;
  }
}

function isWithheld({ problems }: ShownSource): boolean {
  return problems.some(({ code }) => code === 'other_origin');
}
