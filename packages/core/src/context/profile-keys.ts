import type { ApiKey } from '../base/api-key.js';
import { isInBroker } from '../base/environment.js';
import { StorageError, UsageError } from '../base/errors.js';
import { readSettings, recordOf } from '../config/settings.js';
import { isOriginMismatch } from '../credentials/chain.js';
import type { Context } from '../credentials/context.js';
import { idIn, notedIdOf } from '../credentials/noted-key.js';
import { listProfiles } from '../credentials/profiles.js';
import { lookUpSession, type Session } from '../credentials/session-lookup.js';
import type { Source } from '../credentials/source.js';
import { profilesInKeychain } from '../secrets/keychain/accounts.js';
import type { Problem } from '../secrets/lookup.js';
import { type ContextRequest, openContext } from './open.js';

/** The keys that are saved here for one API. */
export interface ProfileKeys {
  /** Profiles by the noted id of their key. A note can be old, so a profile can have several. */
  readonly noted: ReadonlyMap<number, string>;
  /** Keys whose id is not noted, so that only the API can tell it. */
  readonly unknown: readonly UnknownKey[];
}

/** A saved key whose id is not known. */
export interface UnknownKey {
  readonly profile: string;
  readonly key: ApiKey;
  readonly source: Source;
  /** Two-factor session that is sent in its place. */
  readonly session?: Session;
}

/** Holds what is needed to read the keys of all profiles. */
export type ProfileKeysRequest = Required<Pick<ContextRequest, 'environment' | 'cliRoot' | 'interactive'>> &
  Pick<ContextRequest, 'notify' | 'signal'>;

/**
 * Finds the keys of every profile, for the API of a context. A key in a keychain is not read if its id is noted: only vastai
 * writes there, and keeps the note. A key file or a key program can have changed since.
 *
 * @throws StorageError if a key whose id is not noted cannot be read.
 * @throws UsageError in a program behind a broker, which must not read saved keys.
 */
export async function keysOfProfiles(
  { paths, url }: Pick<Context, 'paths' | 'url'>,
  request: ProfileKeysRequest,
): Promise<ProfileKeys> {
  if (isInBroker(request.environment)) {
    throw new UsageError(
      'A program started by vastai exec --broker cannot see which keys are saved here, so nothing was changed.',
    );
  }
  const settings = await readSettings(paths);
  const noted = new Map<number, string>();
  const unknown: UnknownKey[] = [];
  for (const profile of await allProfiles(paths, request)) {
    const record = recordOf(settings, profile);
    const id = idIn(record);
    if (id !== undefined) noted.set(id, profile);
    if (id !== undefined && record?.storage === 'keychain' && record.pending !== true) continue;
    const opened = await openContext({ ...request, profile, url: url.origin });
    for (const found of await readSaved(profile, opened.sources, url)) {
      if (notedIdOf(record, found.key) !== undefined) continue;
      const looked = await lookUpSession(opened, found);
      unknown.push(looked.state === 'present' ? { ...found, session: looked.session } : found);
    }
  }
  return { noted, unknown };
}

/** Returns every profile: also those that have nothing here but an entry in the keychain. */
async function allProfiles(
  paths: Context['paths'],
  { environment, cliRoot }: ProfileKeysRequest,
): Promise<ReadonlySet<string>> {
  const listed = (await listProfiles(paths)).map(({ name }) => name);
  const inKeychain =
    environment.VASTAI_STORAGE === 'file' ? [] : await profilesInKeychain(environment, cliRoot);
  return new Set([...listed, ...inKeychain]);
}

/** Reads the key of a profile, and the copies of it, or other keys, that can be read without asking anybody. */
async function readSaved(profile: string, sources: readonly Source[], url: URL): Promise<UnknownKey[]> {
  const found: UnknownKey[] = [];
  let isSettled = false;
  for (const source of sources) {
    const isSaved = source.boundOrigin !== undefined && !isOriginMismatch(source, url);
    const isNeeded = source.searched && !isSettled;
    if (!isSaved || !(source.isFree || isNeeded)) continue;
    const lookup = await source.read();
    if (lookup.state === 'present') found.push({ profile, key: lookup.key, source });
    if (lookup.state === 'unreadable' && isNeeded) throw unreadable(profile, lookup.problem);
    if (lookup.state === 'present' && source.searched) isSettled = true;
  }
  return found;
}

function unreadable(profile: string, { message, fix }: Problem): StorageError {
  return new StorageError(`The key of profile "${profile}" cannot be read. ${message}`, fix);
}
