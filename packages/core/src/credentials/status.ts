import { isDeepStrictEqual } from 'node:util';
import type { ApiKey } from '../base/api-key.js';
import { readPrivateFile } from '../files/private-file.js';
import type { Lookup, Problem } from '../secrets/lookup.js';
import { isWithheld } from './chain.js';
import type { Context } from './context.js';
import type { Source, SourceName } from './source.js';
import { type SavedKey, standingOf } from './standing.js';
import { unsavedKeys } from './unsaved-key.js';
import { keyInUsualPlace } from './usual-place.js';

/** Says of one source whether it has a key, and what is wrong with it. */
export interface SourceStatus {
  readonly source: SourceName;
  /** Place in words for a person. */
  readonly location: string;
  readonly state: Lookup['state'];
  /** Last four characters of its key, where it has one. */
  readonly suffix?: string;
  /** True for the source whose key is sent. */
  readonly active: boolean;
  readonly problems: readonly Problem[];
}

/** Says of every source what it has, and which key is sent. */
export interface CredentialStatus {
  /** Sources in the order in which they are asked. */
  readonly sources: readonly SourceStatus[];
  /** Key that is sent, and its source; absent when none has a key, or the first that has one cannot be read. */
  readonly winner?: { readonly source: Source; readonly key: ApiKey };
  /** First source whose key cannot be read, where it comes before any winner. */
  readonly blocked?: SourceStatus;
}

/**
 * Reads every source of a context, as `auth status` shows them, and changes nothing. Where another process changed the
 * settings meanwhile it reads again, so that no key counts as one of the API that the profile had before.
 *
 * @throws UsageError for a `VASTAI_KEYCHAIN_TIMEOUT` that is not a time.
 * @throws StorageError for settings that can no longer be read.
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
    const candidate = source.searched && !isWithheld(source, context.url);
    const active = candidate && lookup.state === 'present' && winner === undefined && blocked === undefined;
    if (active) winner = { source, key: lookup.key };
    const status: SourceStatus = {
      source: source.name,
      location: source.location,
      state: lookup.state,
      ...(lookup.state === 'present' ? { suffix: lookup.key.suffix } : {}),
      active,
      problems: [...problemsOf(lookup), ...standingOf(source, context, lookup, winner?.source, saved)],
    };
    if (candidate && lookup.state === 'unreadable' && winner === undefined) blocked ??= status;
    if (candidate && lookup.state === 'present' && source.boundOrigin !== undefined)
      saved ??= { key: lookup.key, location: source.location, boundOrigin: source.boundOrigin };
    statuses.push(status);
  }
  const sources = withProblems(statuses, [
    ...(await twoFactorFile(context)),
    ...(await unsavedKeyFiles(context)),
    ...[await keyInUsualPlace(context)].filter((problem) => problem !== undefined),
  ]);
  return {
    sources,
    ...(winner === undefined ? {} : { winner }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

function problemsOf(lookup: Lookup): readonly Problem[] {
  if (lookup.state === 'unreadable') return [lookup.problem];
  return lookup.state === 'present' ? (lookup.problems ?? []) : [];
}

/** Adds to the key file's own problems what was found beside it. */
function withProblems(statuses: readonly SourceStatus[], problems: readonly Problem[]): SourceStatus[] {
  return statuses.map((status) =>
    status.source === 'file' ? { ...status, problems: [...status.problems, ...problems] } : status,
  );
}

/** A session of Vast.ai's Python CLI is of no use here; it is told of, beside the key file, never sent. */
async function twoFactorFile({ paths }: Context): Promise<Problem[]> {
  const path = paths.twoFactorFile;
  const there = await readPrivateFile(path).catch(() => ({}));
  if (there === undefined) return [];
  return [
    {
      code: 'two_factor_session',
      message: `A two-factor session of the Python CLI is in ${path}; it is not used.`,
      fix: [{ do: 'remove-file', path, purpose: 'If the Python CLI no longer needs it' }],
    },
  ];
}

/** A new key that could neither be saved nor printed, and may be the only one that works. */
async function unsavedKeyFiles({ paths }: Context): Promise<Problem[]> {
  return (await unsavedKeys(paths)).map(({ path, profile }) => {
    const putAway = { do: 'remove-file', path, purpose: 'Put it where it belongs, then' } as const;
    return {
      code: 'unsaved_key',
      message: `A new key that could not be saved or printed is in ${path}.`,
      fix: [
        profile === undefined ? putAway : { do: 'save-key', profile, from: path, consume: true, purpose: '' },
      ],
    };
  });
}
