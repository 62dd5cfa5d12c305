import type { Environment } from '../base/environment.js';
import type { Paths } from '../config/paths.js';
import type { ChosenProfile } from '../config/profile.js';
import type { ProfileRecord } from '../config/settings.js';
import type { Source } from './source.js';
import type { Stores } from './stored-sources.js';

/**
 * Holds what a run works with: one profile, one API, and the places where its key can be. `openContext` makes one; what
 * works on keys takes it, and so needs to know nothing of how a run was asked for.
 */
export interface Context {
  readonly environment: Environment;
  readonly paths: Paths;
  readonly profile: ChosenProfile;
  readonly record: ProfileRecord | undefined;
  readonly url: URL;
  readonly stores: Stores;
  /** In the order in which they are asked. */
  readonly sources: readonly Source[];
  /** Is told what a person should know while something takes long, as the run asked for. */
  readonly notify?: ((text: string) => void) | undefined;
  /** Reads the settings again: the same profile and API, with the record and the sources of now. */
  reopen(): Promise<Context>;
}
