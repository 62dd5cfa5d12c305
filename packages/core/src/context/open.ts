import type { Environment } from '../base/environment.js';
import { isVastaiError } from '../base/errors.js';
import { DEFAULT_URL, parseApiUrl } from '../base/origin.js';
import { type Paths, pathsOf } from '../config/paths.js';
import { type ChosenProfile, chooseProfile } from '../config/profile.js';
import {
  type ProfileRecord,
  readSettings,
  recordOf,
  SETTINGS_VERSION,
  type Settings,
} from '../config/settings.js';
import type { Context } from '../credentials/context.js';
import { environmentFileSource, environmentSource, flagSource } from '../credentials/explicit-sources.js';
import type { Source } from '../credentials/source.js';
import { legacySource, type Stores, storedSources } from '../credentials/stored-sources.js';
import { fileStore } from '../secrets/file-store.js';
import { keychainStore } from '../secrets/keychain/store.js';

/** What a run was asked for, before anything is read. */
export interface ContextRequest {
  readonly environment: Environment;
  /** Where a `.vastai-profile` is looked for, and above it. */
  readonly cwd: string | undefined;
  readonly apiKey?: string | undefined;
  readonly profile?: string | undefined;
  readonly url?: string | undefined;
  /** The folder of the CLI that runs: the keychain is reached through its addon, also from plugins. */
  readonly cliRoot: string;
  /** Whether a person sits at a terminal, who may be asked to unlock a keychain. */
  readonly interactive: boolean;
  /** Is told, in a sentence, what a person should know while something takes long. */
  readonly notify?: (text: string) => void;
  /** Ends a program that was started to give the key. */
  readonly interruption?: AbortSignal;
  /** Gets a sentence about settings that are passed over. */
  readonly warn?: (text: string) => void;
}

/**
 * Reads the settings and works out profile, API and sources. Reads no key and changes nothing.
 *
 * @throws UsageError for a profile name or a URL that cannot be used; StorageError for broken settings.
 */
export async function openContext(request: ContextRequest): Promise<Context> {
  const { environment } = request;
  const paths = pathsOf(environment);
  const settings = await settingsFor(request, paths);
  const profile = await chooseProfile(request.profile, environment, request.cwd, settings, request.notify);
  const fixed = {
    environment,
    paths,
    profile,
    url: chooseUrl(request, recordOf(settings, profile.name)),
    stores: {
      file: fileStore(paths),
      keychain: keychainStore(request),
      quietKeychain: keychainStore({ ...request, interactive: false }),
    },
    notify: request.notify,
  };
  return withSettings(fixed, request, settings);
}

function withSettings(
  fixed: Omit<Context, 'record' | 'sources' | 'reopen'>,
  request: ContextRequest,
  settings: Settings,
): Context {
  const { paths, profile, stores } = fixed;
  const record = recordOf(settings, profile.name);
  return {
    ...fixed,
    record,
    sources: orderSources(request, profile, record, paths, stores),
    reopen: async () => withSettings(fixed, request, await readSettings(paths)),
  };
}

function chooseUrl(request: ContextRequest, record: ProfileRecord | undefined): URL {
  if (request.url !== undefined) return parseApiUrl(request.url, '--url');
  if (request.environment.VAST_URL !== undefined)
    return parseApiUrl(request.environment.VAST_URL, 'VAST_URL');
  return record?.url === undefined ? new URL(DEFAULT_URL) : parseApiUrl(record.url, 'config.json');
}

function orderSources(
  request: ContextRequest,
  profile: ChosenProfile,
  record: ProfileRecord | undefined,
  paths: Paths,
  stores: Stores,
): Source[] {
  const command = async () => {
    const { readFromCommand } = await import('../secrets/command/source.js');
    return readFromCommand(record?.command ?? [], request, paths.settingsFile);
  };
  const withKeychain = request.environment.VASTAI_STORAGE !== 'file';
  const saved = storedSources(profile.name, record, stores, command, withKeychain);
  const given = [environmentSource(request.environment), environmentFileSource(request.environment)];
  return [
    flagSource(request.apiKey),
    ...(profile.byFlag ? [...saved, ...given] : [...given, ...saved]),
    ...(profile.name === 'default' ? [legacySource(paths.legacyFile)] : []),
  ];
}

/**
 * Reads the settings. Where the key and the API are given by flag or variable nothing is needed of them, and settings
 * that cannot be used are a warning; a home that may not be looked into (a container with another user's HOME) says
 * nothing when the key is given.
 */
async function settingsFor(request: ContextRequest, paths: Paths): Promise<Settings> {
  try {
    return await readSettings(paths);
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'storage' || !isKeyGiven(request)) throw error;
    const isDenied = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES';
    const isUrlGiven = (request.url ?? request.environment.VAST_URL) !== undefined;
    if (!isDenied && !isUrlGiven) throw error;
    if (!isDenied) request.warn?.(`The settings are not used. ${error.message}`);
    return { version: SETTINGS_VERSION, profiles: {} };
  }
}

/** Whether the key comes from a flag or a variable; the saved key of `--profile` is asked before a variable's. */
function isKeyGiven({ apiKey, profile, environment }: ContextRequest): boolean {
  if (apiKey !== undefined) return true;
  return profile === undefined && (environment.VAST_API_KEY ?? environment.VAST_API_KEY_FILE) !== undefined;
}
