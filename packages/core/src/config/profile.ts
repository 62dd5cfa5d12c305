import type { Environment } from '../base/environment.js';
import { requireProfileName } from '../base/profile-name.js';
import { nearestProfileFile } from './profile-file.js';
import type { Settings } from './settings.js';

/** Names the profile of a run, and what chose it. */
export interface ChosenProfile {
  readonly name: string;
  /** What chose it, in words for a person: `--profile`, `VAST_PROFILE`, a file's path, `config.json`, or `default`. */
  readonly from: string;
  /** True where the run named it, so that its saved key goes before one in a variable. */
  readonly byFlag: boolean;
}

/**
 * Which profile a command works with: the flag, `VAST_PROFILE`, a `.vastai-profile` in `cwd` or a folder
 * above it, `current` of the settings, `default`.
 *
 * @param notify gets a sentence for each `.vastai-profile` that does not count.
 * @throws UsageError when the first of them that is there is not a valid name.
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
