import { isAbsolute, join } from 'node:path';
import type { Environment } from '../base/environment.js';
import { homeFolder } from '../files/home.js';

/** Names the paths of everything that is read or written. */
export interface Paths {
  /** `vastai` in the configuration folder: 0700. */
  readonly configFolder: string;
  /** `config.json`. */
  readonly settingsFile: string;
  /** Lock that is held while keys or settings change. */
  readonly lockFile: string;
  /** `~/.vast_api_key`, where older tools keep the key of the default profile. */
  readonly legacyFile: string;
  /** A two-factor session of the Python CLI: reported, never sent. */
  readonly twoFactorFile: string;
  /** Folder of the receipts of `config migrate`. */
  readonly receiptsFolder: string;
  /** Returns the key file of a profile. */
  keyFile(profile: string): string;
  /** Returns the folder of one profile; the key file of `default` is above it. */
  profileFolder(profile: string): string;
  /** Returns the file of the two-factor session of a profile. */
  sessionFile(profile: string): string;
  /** Returns the file in which a new key is until it is saved or printed. */
  unsavedKeyFile(name: string): string;
}

/**
 * The paths for an environment. `XDG_CONFIG_HOME` counts only when it is absolute, on every system, as
 * in Vast.ai's Python CLI; the XDG specification says the same.
 */
export function pathsOf(environment: Environment, home: string = homeFolder()): Paths {
  const configFolder = join(absoluteOr(environment.XDG_CONFIG_HOME, join(home, '.config')), 'vastai');
  const stateFolder = join(absoluteOr(environment.XDG_STATE_HOME, join(home, '.local', 'state')), 'vastai');
  const profileFolder = (profile: string) => join(configFolder, 'profiles', profile);
  return {
    configFolder,
    settingsFile: join(configFolder, 'config.json'),
    lockFile: join(configFolder, '.lock'),
    legacyFile: join(home, '.vast_api_key'),
    twoFactorFile: join(configFolder, 'vast_tfa_key'),
    receiptsFolder: join(stateFolder, 'migrations'),
    unsavedKeyFile: (name) => join(configFolder, `unsaved-key.${name}`),
    keyFile: (profile) =>
      profile === 'default'
        ? join(configFolder, 'vast_api_key')
        : join(profileFolder(profile), 'vast_api_key'),
    profileFolder,
    sessionFile: (profile) => join(profileFolder(profile), 'tfa_session'),
  };
}

function absoluteOr(path: string | undefined, otherwise: string): string {
  return path !== undefined && isAbsolute(path) ? path : otherwise;
}
