import { isDeepStrictEqual } from 'node:util';
import { StorageError } from '../base/errors.js';
import { isObject } from '../base/json-object.js';
import { isProfileName } from '../base/profile-name.js';
import type { StagedFile } from '../files/atomic-write.js';
import { removeLeftovers } from '../files/leftovers.js';
import { readPrivateFile, stagePrivateFile } from '../files/private-file.js';
import { ensurePrivateFolder } from '../files/private-folder.js';
import type { Paths } from './paths.js';

/** Version of `config.json` that this program writes, and the newest that it reads. */
export const SETTINGS_VERSION = 1;

/** The kind of place that `config.json` can record for a profile's key. */
export type StorageKind = 'keychain' | 'file' | 'command';

/** Notes the two-factor session of a profile's key. It never holds the session. */
export interface SessionNote {
  /** Store that holds the session. */
  readonly storage: 'keychain' | 'file';
  /** Fingerprint of the key that it was made with (`fingerprintOf`), which it stands in for. */
  readonly key_hash: string;
  /** API that it was made for. */
  readonly url: string;
  /** Time at which it ends, in seconds since 1970, if known; for display only. */
  readonly ends?: number;
}

/** The record of a profile in `config.json`. It never holds a key. */
export interface ProfileRecord {
  /** Place of the profile's key. Without it, the key file is read, then the keychain. */
  readonly storage?: StorageKind;
  /** API that the profile's key was saved for; by default, `https://console.vast.ai`. */
  readonly url?: string;
  /** Program that prints the key, and its arguments, for the storage `command`. */
  readonly command?: readonly string[];
  /** Email address or name of the account when the key was saved, as the API returned it; for display only. */
  readonly account?: string;
  /** Last four characters of a key in the keychain, so that a list need not ask the keychain; for display only. */
  readonly suffix?: string;
  /** Id of the key that was saved, if the API returned it. It is only right for a key that `key_hash` matches. */
  readonly key_id?: number;
  /** Fingerprint of the key that was saved (`fingerprintOf`): other programs can replace the key without changing this. */
  readonly key_hash?: string;
  /** Two-factor session of the key. It is only right for a key that its `key_hash` matches; read it with `notedSession`. */
  readonly tfa_session?: SessionNote;
  /** True if `config migrate --keep-file` left the key file for other tools. Nothing then advises removing it. */
  readonly kept_file?: boolean;
  /** True while a key for another API replaces the old one: until the save is done, the key may belong to either API. */
  readonly pending?: boolean;
}

/** The content of `config.json`. */
export interface Settings {
  readonly version: number;
  /** Profile that is used unless a flag, a variable or a `.vastai-profile` names another. */
  readonly current?: string;
  readonly profiles: Readonly<Record<string, ProfileRecord>>;
}

const NOTHING: Settings = { version: SETTINGS_VERSION, profiles: {} };
const NO_CHANGE: StagedFile = { commit: async () => {}, discard: async () => {} };

/** Reads `config.json`, or returns empty settings if it does not exist. @throws StorageError if it is not valid. */
export async function readSettings(paths: Paths): Promise<Settings> {
  const file = await readPrivateFile(paths.settingsFile);
  if (file === undefined) return NOTHING;
  return parseSettings(paths.settingsFile, file.bytes);
}

/** Returns the record of a profile. A name such as "constructor" does not find an inherited property. */
export function recordOf(settings: Settings, profile: string): ProfileRecord | undefined {
  return Object.hasOwn(settings.profiles, profile) ? settings.profiles[profile] : undefined;
}

/**
 * Writes the record of one profile, or removes it (`undefined`), and keeps everything else in the file. Writes nothing if
 * nothing would change. Call it under the lock.
 */
export async function recordProfile(paths: Paths, name: string, record: ProfileRecord | undefined) {
  await (await stageProfile(paths, name, record)).commit();
}

/** Stages what `recordProfile` writes, so that `commit` needs no disk space. */
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

/** Applies `change` to the settings, and writes them if they changed. Call it under the lock. */
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
    new StorageError(`${path} ${why}.`, 'Correct it, or move it away: it contains no keys.');
  let value: unknown;
  try {
    value = jsonOf(bytes);
  } catch {
    throw fail('is not valid JSON');
  }
  if (!isObject(value)) throw fail('does not contain a JSON object');
  const version = value.version ?? SETTINGS_VERSION;
  if (typeof version !== 'number') throw fail('is not valid: "version" must be a number');
  if (version > SETTINGS_VERSION) {
    throw new StorageError(
      `${path} was written by a newer vastai (settings version ${version}; this one knows ${SETTINGS_VERSION}).`,
      [{ do: 'update' }],
    );
  }
  if (value.current !== undefined && !isProfileName(value.current))
    throw fail('is not valid: "current" must be the name of a profile');
  const profiles = value.profiles ?? {};
  if (!isObject(profiles)) throw fail('is not valid: "profiles" must be an object');
  for (const [name, record] of Object.entries(profiles)) {
    const fault = isProfileName(name) ? faultOf(record) : ' has an invalid name';
    if (fault !== undefined) throw fail(`is not valid: profile ${JSON.stringify(name)}${fault}`);
  }
  return { ...value, version, profiles } as Settings;
}

function faultOf(record: unknown): string | undefined {
  if (!isObject(record)) return ' must be an object';
  const { storage, url, command } = record;
  if (storage !== undefined && !['keychain', 'file', 'command'].includes(storage as string)) {
    return ': "storage" must be "keychain", "file" or "command"';
  }
  if (url !== undefined && (typeof url !== 'string' || !URL.canParse(url))) return ': "url" must be a URL';
  const isCommand =
    Array.isArray(command) && command.length > 0 && command.every((part) => typeof part === 'string');
  if (command !== undefined && !isCommand) return ': "command" must be an array of strings';
  if (storage === 'command' && command === undefined) return ': "command" is missing';
  return undefined;
}
