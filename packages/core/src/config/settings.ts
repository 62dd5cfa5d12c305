import { isDeepStrictEqual } from 'node:util';
import { StorageError } from '../base/errors.js';
import { isObject } from '../base/json-object.js';
import { isProfileName } from '../base/profile-name.js';
import type { StagedFile } from '../files/atomic-write.js';
import { removeLeftovers } from '../files/leftovers.js';
import { readPrivateFile, stagePrivateFile } from '../files/private-file.js';
import { ensurePrivateFolder } from '../files/private-folder.js';
import type { Paths } from './paths.js';

/** The version of `config.json` that this program writes, and the newest that it reads. */
export const SETTINGS_VERSION = 1;

/** Names a kind of place that `config.json` can record for a profile's key. */
export type StorageKind = 'keychain' | 'file' | 'command';

/** Records a profile in `config.json`; it never holds a key. */
export interface ProfileRecord {
  /** Place of the profile's key. Without it, the key file or else the keychain is looked at. */
  readonly storage?: StorageKind;
  /** API that the profile's key was saved for; without it, `https://console.vast.ai`. */
  readonly url?: string;
  /** Program and its arguments that print the key, for the storage `command`. */
  readonly command?: readonly string[];
  /** Account of the key, by its e-mail address or name, as the API told it when the key was saved; only shown. */
  readonly account?: string;
  /** Last four characters of a key in the keychain, which is not asked for a list; only shown. */
  readonly suffix?: string;
  /** True where `config migrate --keep-file` left the key file for other tools, so that nobody is advised to remove it. */
  readonly kept_file?: boolean;
  /** True while the key of one API takes the place of another's: which API the key belongs to is not known then. */
  readonly pending?: boolean;
}

export interface Settings {
  readonly version: number;
  /** The profile that is used when nothing else names one. */
  readonly current?: string;
  readonly profiles: Readonly<Record<string, ProfileRecord>>;
}

const NOTHING: Settings = { version: SETTINGS_VERSION, profiles: {} };
const NO_CHANGE: StagedFile = { commit: async () => {}, discard: async () => {} };

/** Reads `config.json`; without one, settings that say nothing. @throws StorageError when it is not valid. */
export async function readSettings(paths: Paths): Promise<Settings> {
  const file = await readPrivateFile(paths.settingsFile);
  if (file === undefined) return NOTHING;
  return parseSettings(paths.settingsFile, file.bytes);
}

/** What is recorded of a profile; a name such as "constructor" finds nothing that was not written. */
export function recordOf(settings: Settings, profile: string): ProfileRecord | undefined {
  return Object.hasOwn(settings.profiles, profile) ? settings.profiles[profile] : undefined;
}

/**
 * Changes the record of one profile, or removes it (`undefined`), and keeps all else that the file holds.
 * Call it under the lock. Nothing is written when nothing would change.
 */
export async function recordProfile(paths: Paths, name: string, record: ProfileRecord | undefined) {
  await (await stageProfile(paths, name, record)).commit();
}

/** Prepares what `recordProfile` does: the `commit` of what it returns needs no space. */
export async function stageProfile(
  paths: Paths,
  name: string,
  record: ProfileRecord | undefined,
): Promise<StagedFile> {
  return stageSettings(paths, (settings) => {
    const { [name]: _, ...others } = settings.profiles;
    return {
      ...settings,
      profiles: record === undefined ? others : { ...settings.profiles, [name]: record },
    };
  });
}

/** Writes what `change` makes of the settings, unless the file says that already. Call it under the lock. */
export async function changeSettings(paths: Paths, change: (settings: Settings) => Settings): Promise<void> {
  await (await stageSettings(paths, change)).commit();
}

async function stageSettings(paths: Paths, change: (settings: Settings) => Settings): Promise<StagedFile> {
  const after = change(await readSettings(paths));
  const file = await readPrivateFile(paths.settingsFile);
  if (file === undefined ? isDeepStrictEqual(after, NOTHING) : isDeepStrictEqual(after, jsonOf(file.bytes)))
    return NO_CHANGE;
  await ensurePrivateFolder(paths.configFolder, paths.configFolder);
  await removeLeftovers(paths.settingsFile);
  return stagePrivateFile(paths.settingsFile, `${JSON.stringify(after, null, 2)}\n`);
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

function parseSettings(path: string, bytes: Uint8Array): Settings {
  const fail = (why: string) =>
    new StorageError(`${path} ${why}.`, 'Mend it, or move it away: keys are not kept in it.');
  let value: unknown;
  try {
    value = jsonOf(bytes);
  } catch {
    throw fail('is not valid JSON');
  }
  if (!isObject(value)) throw fail('does not hold a JSON object');
  const version = value.version ?? SETTINGS_VERSION;
  if (typeof version !== 'number') throw fail('has a version that is not a number');
  if (version > SETTINGS_VERSION) {
    throw new StorageError(
      `${path} was written by a newer vastai (settings version ${version}; this one knows ${SETTINGS_VERSION}).`,
      [{ do: 'update' }],
    );
  }
  if (value.current !== undefined && !isProfileName(value.current))
    throw fail('names a current profile that cannot be one');
  const profiles = value.profiles ?? {};
  if (!isObject(profiles)) throw fail('has "profiles" that are not an object');
  for (const [name, record] of Object.entries(profiles)) {
    const fault = isProfileName(name) ? faultOf(record) : 'has a name that cannot be a profile';
    if (fault !== undefined) throw fail(`is not valid: profile ${JSON.stringify(name)} ${fault}`);
  }
  return { ...value, version, profiles } as Settings;
}

function faultOf(record: unknown): string | undefined {
  if (!isObject(record)) return 'is not an object';
  const { storage, url, command } = record;
  if (storage !== undefined && !['keychain', 'file', 'command'].includes(storage as string)) {
    return 'has an unknown storage';
  }
  if (url !== undefined && (typeof url !== 'string' || !URL.canParse(url))) return 'has a url that is none';
  const isCommand =
    Array.isArray(command) && command.length > 0 && command.every((part) => typeof part === 'string');
  if (command !== undefined && !isCommand) return 'has a command that is not a list of texts';
  if (storage === 'command' && command === undefined) return 'has no command';
  return undefined;
}
