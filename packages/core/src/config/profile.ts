import { dirname, join } from 'node:path';
import type { Environment } from './environment.js';
import { readPrivateFile } from './private-file.js';
import { requireProfileName } from './profile-name.js';
import type { Settings } from './settings.js';

export interface ChosenProfile {
  readonly name: string;
  /** What chose it, in words for the person: `--profile`, `VAST_PROFILE`, a file's path, `config.json`, or `default`. */
  readonly from: string;
  /** A profile named by the flag has its saved key asked before the environment's. */
  readonly byFlag: boolean;
}

/** The file that names a folder's profile. It holds a name only, so that a cloned repository cannot bring a key or a URL. */
const FOLDER_FILE = '.vastai-profile';

/**
 * Which profile a command works with: the flag, `VAST_PROFILE`, a `.vastai-profile` in `cwd` or a folder
 * above it, `current` of the settings, `default`.
 *
 * @throws UsageError when the first of them that is there is not a valid name.
 */
export async function chooseProfile(
  flag: string | undefined,
  environment: Environment,
  cwd: string | undefined,
  settings: Settings,
): Promise<ChosenProfile> {
  const chosen = (name: string, from: string, byFlag = false) => ({
    name: requireProfileName(name, from),
    from,
    byFlag,
  });
  if (flag !== undefined) return chosen(flag, '--profile', true);
  if (environment.VAST_PROFILE !== undefined) return chosen(environment.VAST_PROFILE, 'VAST_PROFILE');
  const file = cwd === undefined ? undefined : await nearestFolderFile(cwd);
  if (file !== undefined) return chosen(file.text, file.path);
  if (settings.current !== undefined) return chosen(settings.current, 'config.json');
  return chosen('default', 'default');
}

async function nearestFolderFile(folder: string): Promise<{ path: string; text: string } | undefined> {
  const path = join(folder, FOLDER_FILE);
  const file = await readPrivateFile(path).catch((error: Error) => {
    // A folder above that this user may not look into says nothing.
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES') return undefined;
    throw error;
  });
  if (file !== undefined) return { path, text: new TextDecoder().decode(file.bytes).trim() };
  return dirname(folder) === folder ? undefined : nearestFolderFile(dirname(folder));
}
