import { type Environment, isInBroker, isRentedMachine, readEnvironment } from '../base/environment.js';
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
import { containerSource } from '../credentials/container-key.js';
import type { Context } from '../credentials/context.js';
import { environmentFileSource, environmentSource, flagSource } from '../credentials/explicit-sources.js';
import type { Source } from '../credentials/source.js';
import { legacySource, type Stores, storedSources } from '../credentials/stored-sources.js';
import { fileStore } from '../secrets/file-store.js';
import { keychainStore } from '../secrets/keychain/store.js';
import { sessionStores } from '../secrets/session-stores.js';
import { refuseChoices } from './broker-choices.js';

/** Chooses the profile, the API and the key of a run. By default, they are those of `vastai` without flags. */
export interface ContextRequest {
  /** Variables of the run; by default, those of this process. */
  readonly environment?: Environment;
  /** Folder to look for `.vastai-profile` in, then in those above; by default, the current one. */
  readonly cwd?: string | undefined;
  /** API key that takes precedence over every other, like `--api-key`. */
  readonly apiKey?: string | undefined;
  /** Name of the profile, like `--profile`. Its saved key then takes precedence over one in a variable. */
  readonly profile?: string | undefined;
  /** URL of the API, like `--url`. */
  readonly url?: string | undefined;
  /** Folder from which to resolve keytar, the addon for keychains, as Node would; by default, that of this package. */
  readonly cliRoot?: string;
  /** True if a person is at a terminal, and may be asked to unlock a keychain; by default, false. */
  readonly interactive?: boolean;
  /** Receives messages for people about waits and ignored files. */
  readonly notify?: (text: string) => void;
  /** Signal that ends the program that prints the key, if one is running. */
  readonly signal?: AbortSignal;
  /** Receives a message for people about settings that cannot be read but are not needed. */
  readonly warn?: (text: string) => void;
}

/** A `ContextRequest` with its defaults filled in. */
type CompleteRequest = ContextRequest &
  Required<Pick<ContextRequest, 'environment' | 'cliRoot' | 'interactive'>>;

/**
 * Opens the context that `vastai` would run in: reads `config.json` and `.vastai-profile`, and determines the profile, the
 * API, and the places to look for a key, in order. It reads no key and changes nothing. `docs/environment.md` lists the
 * variables.
 *
 * @throws UsageError if the name of the profile or the URL is not valid.
 * @throws StorageError if the settings cannot be read.
 */
export async function openContext(request: ContextRequest = {}): Promise<Context> {
  const { environment = readEnvironment(process.env), cwd = workingFolder() } = request;
  const { cliRoot = import.meta.dirname, interactive = false } = request;
  const complete = { ...request, environment, cliRoot, interactive };
  refuseChoices(environment, request);
  const paths = pathsOf(environment);
  const settings = await settingsFor(complete, paths);
  const profile = await chooseProfile(request.profile, environment, cwd, settings, request.notify);
  const fixed = {
    environment,
    paths,
    profile,
    url: chooseUrl(complete, recordOf(settings, profile.name)),
    stores: {
      file: fileStore(paths),
      keychain: keychainStore(complete),
      quietKeychain: keychainStore({ ...complete, interactive: false }),
    },
    sessionStores: sessionStores(paths, complete),
    notify: request.notify,
  };
  return withSettings(fixed, complete, settings);
}

function withSettings(
  fixed: Omit<Context, 'record' | 'sources' | 'reopen'>,
  request: CompleteRequest,
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

function chooseUrl(request: CompleteRequest, record: ProfileRecord | undefined): URL {
  if (request.url !== undefined) return parseApiUrl(request.url, '--url');
  if (request.environment.VAST_URL !== undefined)
    return parseApiUrl(request.environment.VAST_URL, 'VAST_URL');
  return record?.url === undefined ? new URL(DEFAULT_URL) : parseApiUrl(record.url, 'config.json');
}

function orderSources(
  request: CompleteRequest,
  profile: ChosenProfile,
  record: ProfileRecord | undefined,
  paths: Paths,
  stores: Stores,
): Source[] {
  const command = async () => {
    const { readFromCommand } = await import('../secrets/command/source.js');
    const interruption = request.signal;
    const limits = { ...request, ...(interruption === undefined ? {} : { interruption }) };
    return readFromCommand(record?.command ?? [], limits, paths.settingsFile);
  };
  // The program has a token in its variable, and is not to find the key.
  if (isInBroker(request.environment)) return [environmentSource(request.environment)];
  const withKeychain = request.environment.VASTAI_STORAGE !== 'file';
  const saved = storedSources(profile.name, record, stores, command, withKeychain);
  const given = [environmentSource(request.environment), environmentFileSource(request.environment)];
  return [
    flagSource(request.apiKey),
    ...(profile.byFlag ? [...saved, ...given] : [...given, ...saved]),
    ...(profile.name === 'default' ? [legacySource(paths.legacyFile)] : []),
    ...(isRentedMachine(request.environment) ? [containerSource(request.environment)] : []),
  ];
}

/**
 * Reads the settings. If a flag or a variable gives both the key and the API, the settings are not needed, and an error in
 * them is only a warning. If the key is given and the home may not be read, as in a container with another user's HOME,
 * they count as empty.
 */
async function settingsFor(request: CompleteRequest, paths: Paths): Promise<Settings> {
  try {
    return await readSettings(paths);
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'storage' || !isKeyGiven(request)) throw error;
    const isDenied = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES';
    const isUrlGiven = (request.url ?? request.environment.VAST_URL) !== undefined;
    if (!isDenied && !isUrlGiven) throw error;
    if (!isDenied) request.warn?.(`The settings are ignored. ${error.message}`);
    return { version: SETTINGS_VERSION, profiles: {} };
  }
}

/** Returns true if the key comes from a flag or a variable. With `--profile`, a saved key goes before a variable's. */
function isKeyGiven({ apiKey, profile, environment }: CompleteRequest): boolean {
  if (apiKey !== undefined) return true;
  return profile === undefined && (environment.VAST_API_KEY ?? environment.VAST_API_KEY_FILE) !== undefined;
}

/** Returns the current folder, or `undefined` if it was removed. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
