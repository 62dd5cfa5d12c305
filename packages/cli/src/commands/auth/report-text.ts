import type { Advice } from '@vastai-cli/core/internal/base/advice';
import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { localTime } from '@vastai-cli/core/internal/base/local-time';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { adviceText } from '@vastai-cli/kit/render/advice';
import { type AdviceTarget, keyFlags } from '@vastai-cli/kit/render/advice-target';
import { placeOf } from '@vastai-cli/kit/render/place';
import { type Column, line, type Part, type Style, sentence, table } from '@vastai-cli/kit/result';
import type { ShownSession } from '../../keys/shown-session.js';
import type { AuthReport, ShownSource } from './report.js';

/**
 * Returns a report for a person: a table of the places that hold something, their problems, and the outcome.
 *
 * @param toSave the advice for when no key is found
 */
export function reportText(report: AuthReport, target: AdviceTarget, toSave: readonly Advice[]): Part[] {
  const { profile, profile_from: from, url } = report;
  const why = from === 'default' ? '' : ` (from ${serverText(from)})`;
  const isEmpty = ({ state, problems }: ShownSource) => state === 'absent' && problems.length === 0;
  const shown = report.sources.filter((source) => !isEmpty(source));
  const empty = report.sources.filter(isEmpty).map(({ location }) => location);
  const rights = whereRightsAre(report, target);
  return [
    sentence(`Profile ${profile}${why}, ${url}\n`),
    ...(shown.length === 0 ? [] : [table(COLUMNS, shown)]),
    ...(empty.length === 0 ? [] : [sentence({ text: `No key in: ${empty.join(', ')}`, style: 'dim' })]),
    line(''),
    ...report.sources.flatMap(problemLines).map((text) => sentence({ text, style: 'yellow' })),
    outcome(report, adviceText(toSave, target)),
    ...accessLine(report),
    ...(rights === undefined ? [] : [sentence(rights)]),
  ];
}

const COLUMNS: readonly Column<ShownSource>[] = [
  { title: '', value: ({ active }) => (active ? '*' : '') },
  { title: 'SOURCE', value: ({ source }) => source },
  {
    title: 'STATE',
    value: ({ state }) => state,
    style: ({ state }) => (state === 'unreadable' ? 'red' : undefined),
  },
  { title: 'KEY', value: ({ suffix }) => (suffix === undefined ? '' : `…${suffix}`) },
  { title: 'PLACE', value: ({ location }) => location, whole: true },
];

const STYLES: Readonly<Partial<Record<AuthReport['state'], Style>>> = {
  unverifiable: 'yellow',
  rejected: 'red',
  two_factor: 'red',
  unreadable: 'red',
  absent: 'red',
};

function outcome(report: AuthReport, toSave: string): Part {
  const text = outcomeText(report, toSave);
  const style = STYLES[report.state];
  return sentence(style === undefined ? text : { text, style });
}

/** Says what `--require-scoped` found. */
function accessLine({ access }: AuthReport): Part[] {
  switch (access) {
    case 'full':
      return [sentence({ text: `It has full access to the account. ${SCOPED}`, style: 'red' })];
    case 'unknown':
      return [sentence({ text: 'The API does not say whether it has full access.', style: 'red' })];
    case 'scoped':
      return [sentence('It is scoped: it does not have full access.')];
    default:
      return [];
  }
}

const SCOPED = 'Create a scoped key for this: vastai create api-key --name ci --preset monitoring';

/** Returns the command that shows what the key can do. Finding out here would cost another request. */
function whereRightsAre({ key_id: id, active }: AuthReport, target: AdviceTarget): string | undefined {
  if (active !== null && isInBroker(readEnvironment(process.env)))
    return 'It is a token from vastai exec --broker, which may allow less than the key does.';
  if (id === undefined || active === null || active.source === 'flag') return undefined;
  return `See what it can do: vastai permissions explain --key ${id}${keyFlags(target)}`;
}

function problemLines({ source, problems }: ShownSource): string[] {
  return problems.map(({ message, fix = '' }) => {
    const fixes = fix === '' ? [] : fix.split('\n');
    return [`${source}: ${message}`, ...fixes.map((line) => `  ${line}`)].join('\n');
  });
}

function outcomeText({ state, active, user, key_id: id, url, sources }: AuthReport, toSave: string): string {
  const key = active === null ? '' : `The key …${active.suffix} from ${placeOf(active.location)}`;
  switch (state) {
    case 'verified':
      return `${key} works${withSession(active?.session)}${user === undefined ? '.' : `: ${whose(user)}${id === undefined ? '' : `, key id ${id}`}.`}`;
    case 'two_factor':
      return active?.session === undefined
        ? `${key} is valid, but the account requires a two-factor session.`
        : `The two-factor session of the key …${active.suffix} has ended.`;
    case 'skipped':
      return active?.session === undefined
        ? `${key} would be sent. It was not checked.`
        : `The two-factor session of ${key}, from ${placeOf(active.session.location)}, would be sent. It was not checked.`;
    case 'rejected':
      return `${key} is rejected by ${url}.`;
    case 'unverifiable':
      return `${key} could not be checked.`;
    case 'unreadable':
      return 'A key was found, but cannot be read, so none is sent.';
    case 'absent':
      return sources.some(isOriginMismatch)
        ? `No key for ${url}: the saved one belongs to another API, so none is sent.`
        : `No key found.\n${toSave}`;
  }
}

function withSession(session: ShownSession | undefined): string {
  if (session === undefined) return '';
  const until = session.ends === undefined ? '' : `, until ${localTime(session.ends)}`;
  return `, with the two-factor session from ${placeOf(session.location)}${until}`;
}

function whose({ id, email, username }: NonNullable<AuthReport['user']>): string {
  return `${serverText(email ?? username ?? 'user')} (id ${id})`;
}

function isOriginMismatch({ problems }: ShownSource): boolean {
  return problems.some(({ code }) => code === 'other_origin');
}
