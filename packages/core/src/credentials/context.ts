import type { Environment } from '../base/environment.js';
import type { Paths } from '../config/paths.js';
import type { ChosenProfile } from '../config/profile.js';
import type { ProfileRecord } from '../config/settings.js';
import type { SessionStores } from '../secrets/session-stores.js';
import type { Source } from './source.js';
import type { Stores } from './stored-sources.js';

/** The context of a run: one profile, one API, and the places to look for its key. `openContext` opens one. */
export interface Context {
  /** Variables of the run. */
  readonly environment: Environment;
  /** Paths of vastai's files. */
  readonly paths: Paths;
  /** Profile of the run, and what chose it. */
  readonly profile: ChosenProfile;
  /** Record of the profile in `config.json`; `undefined` if nothing was saved for it yet. */
  readonly record: ProfileRecord | undefined;
  /** Origin of the API. */
  readonly url: URL;
  /** Stores that the profile's key can be saved in. */
  readonly stores: Stores;
  /** Stores that the two-factor session of the profile's key can be saved in. */
  readonly sessionStores: SessionStores;
  /** Places that a key can come from, in the order in which they are read. */
  readonly sources: readonly Source[];
  /** Receives messages for people about waits and ignored files. */
  readonly notify?: ((text: string) => void) | undefined;
  /** Reads the settings again, for the same profile and API. @throws StorageError if they cannot be read. */
  reopen(): Promise<Context>;
}
