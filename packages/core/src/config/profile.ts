import type { Environment } from '../base/environment.js';
import { requireProfileName } from '../base/profile-name.js';
import { nearestProfileFile } from './profile-file.js';
import type { Settings } from './settings.js';

/** The profile of a run. */
export interface ChosenProfile {
  readonly name: string;
  /** The origin of the choice: `--profile`, `VAST_PROFILE`, the path of a file, `config.json`, or `default`. */
  readonly from: string;
  /** True if a flag named it. Its saved key then takes precedence over one in a variable. */
  readonly byFlag: boolean;
}

/**
 * Chooses the profile of a run from the first of: the flag, `VAST_PROFILE`, a `.vastai-profile` in `cwd` or a folder above
 * it, `current` in the settings, and `default`.
 *
 * @param notify receives a sentence for each `.vastai-profile` that is ignored
 * @throws UsageError if the name that was found is not valid.
 * @throws StorageError if the user's own `.vastai-profile` cannot be read.
 */
export async function chooseProfile(
  flag: string | undefined,
  environment: Environment,
  cwd: string | undefined,
  settings: Settings,
  notify?: (text: string) => void,
): Promise<ChosenProfile> {
  const chosen = (name: string, from: string, byFlag = false) => ({
    name: requireProfileName(name, from),
    from,
    byFlag,
  });
  if (flag !== undefined) return chosen(flag, '--profile', true);
  if (environment.VAST_PROFILE !== undefined) return chosen(environment.VAST_PROFILE, 'VAST_PROFILE');
  const file = cwd === undefined ? undefined : await nearestProfileFile(cwd, notify);
  if (file !== undefined) return chosen(file.text, file.path);
  if (settings.current !== undefined) return chosen(settings.current, 'config.json');
  return chosen('default', 'default');
}
