import type { Advice } from '@vastai-cli/core/internal/base/advice';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { adviceText } from '@vastai-cli/kit/render/advice';
import { type AdviceTarget, keyFlags } from '@vastai-cli/kit/render/advice-target';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import type { AuthReport, ShownSource } from './auth-report.js';

/**
 * Prints the places that hold something as a table, what is wrong with them, and the outcome in a sentence.
 *
 * @param toSave what helps where no key is found
 */
export function printAuthReport(
  report: AuthReport,
  output: Output,
  { stdout: style }: Terminal,
  target: AdviceTarget,
  toSave: readonly Advice[],
): void {
  const { profile, profile_from: from, url } = report;
  const why = from === 'default' ? 'nothing names another one' : `named by ${serverText(from)}`;
  output.sentence(`Profile ${profile} (${why}), ${url}\n`);
  const isEmpty = ({ state, problems }: ShownSource) => state === 'absent' && problems.length === 0;
  const shown = report.sources.filter((source) => !isEmpty(source));
  if (shown.length > 0) {
    output.table(
      [
        { title: '', value: ({ active }) => (active ? '*' : '') },
        { title: 'SOURCE', value: ({ source }) => source },
        {
          title: 'STATE',
          value: ({ state }) => state,
          style: ({ state }) => (state === 'unreadable' ? 'red' : undefined),
        },
        { title: 'KEY', value: ({ suffix }) => (suffix === undefined ? '' : `…${suffix}`) },
        { title: 'PLACE', value: ({ location }) => location, whole: true },
      ],
      shown,
    );
  }
  const empty = report.sources.filter(isEmpty).map(({ location }) => location);
  if (empty.length > 0) output.sentence(`No key in: ${empty.join(', ')}`, '', style.dim);
  output.line('');
  for (const source of report.sources)
    for (const line of problemLines(source)) output.sentence(line, '', style.yellow);
  output.sentence(outcome(report, adviceText(toSave, target)), '', COLOURS[report.state](style));
  const rights = whereRightsAre(report, target);
  if (rights !== undefined) output.sentence(rights);
}

type Style = Terminal['stdout'];

const plain = () => (text: string) => text;
const red = (style: Style) => style.red;
const COLOURS: Readonly<Record<AuthReport['state'], (style: Style) => (text: string) => string>> = {
  verified: plain,
  skipped: plain,
  unverifiable: (style) => style.yellow,
  rejected: red,
  two_factor: red,
  unreadable: red,
  absent: red,
};

/** What a key may do is no part of the answer that tells whose it is, and costs a request of its own. */
function whereRightsAre({ key_id: id, active }: AuthReport, target: AdviceTarget): string | undefined {
  if (id === undefined || active === null || active.source === 'flag') return undefined;
  return `What it may do: vastai permissions explain --key ${id}${keyFlags(target)}`;
}

function problemLines({ source, problems }: ShownSource): string[] {
  return problems.map(({ message, fix = '' }) => {
    const fixes = fix === '' ? [] : fix.split('\n');
    return [`${source}: ${message}`, ...fixes.map((line) => `  ${line}`)].join('\n');
  });
}

function outcome({ state, active, user, key_id: id, url, sources }: AuthReport, toSave: string): string {
  const key = active === null ? '' : `The key …${active.suffix} of ${active.location}`;
  switch (state) {
    case 'verified':
      return `${key} is accepted${user === undefined ? '.' : `: ${whose(user)}${id === undefined ? '' : `, key id ${id}`}.`}`;
    case 'two_factor':
      return `${key} is known, but cannot be used: the account wants a two-factor session.`;
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
        : `No key found.\n${toSave}`;
  }
}

function whose({ id, email, username }: NonNullable<AuthReport['user']>): string {
  return `${serverText(email ?? username ?? 'user')} (id ${id})`;
}

function isWithheld({ problems }: ShownSource): boolean {
  return problems.some(({ code }) => code === 'other_origin');
}
