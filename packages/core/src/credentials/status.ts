import { isDeepStrictEqual } from 'node:util';
import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { readPrivateFile } from '../files/private-file.js';
import type { Lookup, Problem } from '../secrets/lookup.js';
import { isOriginMismatch } from './chain.js';
import type { Context } from './context.js';
import type { Session } from './session-lookup.js';
import type { Source, SourceName } from './source.js';
import { type SavedKey, standingOf } from './standing.js';
import { unsavedKeys } from './unsaved-key.js';
import { keyInUsualPlace } from './usual-place.js';

/** The state of one source. */
export interface SourceStatus {
  readonly source: SourceName;
  /** Human-readable location. */
  readonly location: string;
  readonly state: Lookup['state'];
  /** Last four characters of its key, if it has one. */
  readonly suffix?: string;
  /** True for the source whose key is sent. */
  readonly active: boolean;
  readonly problems: readonly Problem[];
}

/** The state of every source, and the key that is sent. */
export interface CredentialStatus {
  /** Sources in the order in which they are read. */
  readonly sources: readonly SourceStatus[];
  /** Key that is sent, and its source; absent if no source has a key, or the first one that has cannot be read. */
  readonly winner?: {
    readonly source: Source;
    readonly key: ApiKey;
    /** Two-factor session that is sent in place of the key. */
    readonly session?: Session;
  };
  /** First source whose key cannot be read, if it comes before any winner. */
  readonly blocked?: SourceStatus;
}

/**
 * Reads every source of a context, as `auth status` shows them, and changes nothing. If another process changes the settings
 * at the same time, it reads them again, so that no key is reported for the wrong API.
 *
 * @throws UsageError if `VASTAI_KEYCHAIN_TIMEOUT` is not valid.
 * @throws StorageError if the settings can no longer be read.
 */
export async function inspectSources(context: Context): Promise<CredentialStatus> {
  const status = await inspectOnce(context);
  if (status.winner?.source.boundOrigin === undefined) return status;
  const now = await context.reopen();
  return isDeepStrictEqual(now.record, context.record) ? status : inspectOnce(now);
}

async function inspectOnce(context: Context): Promise<CredentialStatus> {
  const statuses: SourceStatus[] = [];
  let winner: CredentialStatus['winner'];
  let blocked: SourceStatus | undefined;
  let saved: SavedKey | undefined;
  for (const source of context.sources) {
    const lookup = await source.read();
    const candidate = source.searched && !isOriginMismatch(source, context.url);
    const active = candidate && lookup.state === 'present' && winner === undefined && blocked === undefined;
    if (active) winner = { source, key: lookup.key };
    // Nothing has to be said of a rented machine's key that is passed, or saved.
    const isSentAnyway =
      source.name === 'container' && lookup.state === 'present' && winner?.key.equals(lookup.key);
    const status: SourceStatus = {
      source: source.name,
      location: source.location,
      state: lookup.state,
      ...(lookup.state === 'present' ? { suffix: lookup.key.suffix } : {}),
      active,
      problems: [
        ...(isSentAnyway ? [] : problemsOf(lookup)),
        ...standingOf(source, context, lookup, winner?.source, saved),
      ],
    };
    if (candidate && lookup.state === 'unreadable' && winner === undefined) blocked ??= status;
    if (candidate && lookup.state === 'present' && source.boundOrigin !== undefined)
      saved ??= { key: lookup.key, location: source.location, boundOrigin: source.boundOrigin };
    statuses.push(status);
  }
  const { session, problems, isBlocked } = await sessionStatus(context, winner);
  const sources = statuses.map((one) =>
    one.active ? { ...one, active: !isBlocked, problems: [...one.problems, ...problems] } : one,
  );
  if (isBlocked) blocked = sources.find(({ source }) => source === winner?.source.name);
  return {
    sources: await withProblemsOfFiles(sources, context),
    ...(winner === undefined || isBlocked ? {} : { winner: { ...winner, ...session } }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

/** Looks for the two-factor session of the key that is sent. One that cannot be read stops every command. */
async function sessionStatus(
  context: Context,
  winner: CredentialStatus['winner'],
): Promise<{
  readonly session?: { readonly session: Session };
  readonly problems: readonly Problem[];
  readonly isBlocked?: boolean;
}> {
  if (winner === undefined || context.record?.tfa_session === undefined) return { problems: [] };
  const { lookUpSession } = await import('./session-lookup.js');
  const looked = await lookUpSession(context, winner);
  const problem = (message: string): Problem => ({ code: 'session_left', message, fix: LEAVE_IT });
  switch (looked.state) {
    case 'none':
      return { problems: [] };
    case 'present':
      return { session: { session: looked.session }, problems: looked.problems };
    case 'unreadable':
      return { problems: [looked.problem], isBlocked: true };
    case 'other_key':
      return {
        problems: [
          problem(`The two-factor session in ${looked.location} is not sent: it belongs to another key.`),
        ],
      };
    default:
      return { problems: [problem(`The two-factor session is no longer in ${looked.location}.`)] };
  }
}

const LEAVE_IT: readonly Advice[] = [
  { do: 'tfa-logout', purpose: 'The next command removes it. To do that now' },
  { do: 'tfa-login', purpose: 'Or log in with this key' },
];

function problemsOf(lookup: Lookup): readonly Problem[] {
  if (lookup.state === 'unreadable') return [lookup.problem];
  return lookup.state === 'present' ? (lookup.problems ?? []) : [];
}

/** Adds problems of other files to those of the key file, if that is a source. */
async function withProblemsOfFiles(
  statuses: readonly SourceStatus[],
  context: Context,
): Promise<readonly SourceStatus[]> {
  if (!statuses.some(({ source }) => source === 'file')) return statuses;
  const problems = [
    ...(await twoFactorFile(context)),
    ...(await unsavedKeyFiles(context)),
    ...[await keyInUsualPlace(context)].filter((problem) => problem !== undefined),
  ];
  return statuses.map((status) =>
    status.source === 'file' ? { ...status, problems: [...status.problems, ...problems] } : status,
  );
}

/** Reports a two-factor session of Vast.ai's Python CLI, which is never sent. */
async function twoFactorFile({ paths }: Context): Promise<Problem[]> {
  const path = paths.twoFactorFile;
  const there = await readPrivateFile(path).catch(() => ({}));
  if (there === undefined) return [];
  return [
    {
      code: 'two_factor_session',
      message: `${path} is a two-factor session of the Python CLI, which vastai never sends.`,
      fix: [
        { do: 'tfa-login', purpose: 'If the account needs one, log in here' },
        { do: 'remove-file', path, purpose: 'If the Python CLI no longer needs its own' },
      ],
    },
  ];
}

/** Reports a new key that could be neither saved nor printed, and may be the only one that works. */
async function unsavedKeyFiles({ paths }: Context): Promise<Problem[]> {
  return (await unsavedKeys(paths)).map(({ path, profile }) => {
    const putAway = { do: 'remove-file', path, purpose: 'Store the key where you need it, then' } as const;
    return {
      code: 'unsaved_key',
      message: `${path} contains a new key that could not be saved or printed.`,
      fix: [
        profile === undefined ? putAway : { do: 'save-key', profile, from: path, consume: true, purpose: '' },
      ],
    };
  });
}
