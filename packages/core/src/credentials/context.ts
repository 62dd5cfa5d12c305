import type { Environment } from '../base/environment.js';
import type { Paths } from '../config/paths.js';
import type { ChosenProfile } from '../config/profile.js';
import type { ProfileRecord } from '../config/settings.js';
import type { Source } from './source.js';
import type { Stores } from './stored-sources.js';

/**
 * Holds what a run works with: one profile, one API, and the places where its key can be. `openContext` makes one, and
 * what works on keys takes it.
 */
export interface Context {
  /** Variables that the run goes by. */
  readonly environment: Environment;
  /** Paths of its files. */
  readonly paths: Paths;
  /** Profile in use, and what chose it. */
  readonly profile: ChosenProfile;
  /** Entry of the profile in `config.json`; without one, nothing was saved for it yet. */
  readonly record: ProfileRecord | undefined;
  /** Origin of the API. */
  readonly url: URL;
  /** Places in which the profile's key can be saved. */
  readonly stores: Stores;
  /** Places that a key can come from, in the order in which they are asked. */
  readonly sources: readonly Source[];
  /** Receives sentences for a person about what takes long or was ignored. */
  readonly notify?: ((text: string) => void) | undefined;
  /** Reads the settings again, for the same profile and API. @throws StorageError for settings that cannot be read. */
  reopen(): Promise<Context>;
}
