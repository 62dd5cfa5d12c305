import { isAbsolute, join } from 'node:path';
import type { Environment } from '../base/environment.js';
import { homeFolder } from '../files/home.js';

/** Holds the absolute paths of everything that vastai reads or writes. */
export interface Paths {
  /** `~/.config/vastai`, mode 0700. */
  readonly configFolder: string;
  /** `config.json`. */
  readonly settingsFile: string;
  /** Lock file, held while keys or settings change. */
  readonly lockFile: string;
  /** Lock file, held during a rotation, in which other commands may go on. */
  readonly rotationLockFile: string;
  /** `ledger.json`: what vastai has to finish or clean up. */
  readonly ledgerFile: string;
  /** `~/.vast_api_key`, where older tools keep the key of the default profile. */
  readonly legacyFile: string;
  /** Folder of the install script of Vast.ai's Python CLI, whose `uninstall` removes all of it. */
  readonly officialFolder: string;
  /** Two-factor session of Vast.ai's Python CLI; reported, never sent. */
  readonly twoFactorFile: string;
  /** Folder that holds one folder for each profile. */
  readonly profilesFolder: string;
  /** Folder of the receipts of `config migrate`. */
  readonly receiptsFolder: string;
  /** Returns the path of a receipt, by its file name. */
  receiptFile(name: string): string;
  /** Returns the key file of a profile. */
  keyFile(profile: string): string;
  /** Returns the folder of one profile; the key file of `default` is above it. */
  profileFolder(profile: string): string;
  /** Returns the file of the two-factor session of a profile. */
  sessionFile(profile: string): string;
  /** Returns the file that holds a new key until it is saved or printed. */
  unsavedKeyFile(name: string): string;
  /** Returns the path of a file in the configuration folder if it holds an unsaved key, even half-written. */
  unsavedKeyAt(fileName: string): string | undefined;
}

/**
 * Returns the paths for an environment. On every system, `XDG_CONFIG_HOME` counts only if it is absolute, as in Vast.ai's
 * Python CLI and in the XDG Base Directory specification.
 */
export function pathsOf(environment: Environment, home: string = homeFolder()): Paths {
  const configFolder = join(absoluteOr(environment.XDG_CONFIG_HOME, join(home, '.config')), 'vastai');
  const stateFolder = join(absoluteOr(environment.XDG_STATE_HOME, join(home, '.local', 'state')), 'vastai');
  const profilesFolder = join(configFolder, 'profiles');
  const receiptsFolder = join(stateFolder, 'migrations');
  const profileFolder = (profile: string) => join(profilesFolder, profile);
  return {
    configFolder,
    settingsFile: join(configFolder, 'config.json'),
    lockFile: join(configFolder, '.lock'),
    rotationLockFile: join(configFolder, '.rotation-lock'),
    ledgerFile: join(configFolder, 'ledger.json'),
    legacyFile: join(home, '.vast_api_key'),
    officialFolder: join(absoluteOr(environment.XDG_DATA_HOME, join(home, '.local', 'share')), 'vastai'),
    twoFactorFile: join(configFolder, 'vast_tfa_key'),
    profilesFolder,
    receiptsFolder,
    receiptFile: (name) => join(receiptsFolder, name),
    unsavedKeyFile: (name) => join(configFolder, `unsaved-key.${name}`),
    unsavedKeyAt: (fileName) =>
      /^\.?unsaved-key\./.test(fileName) ? join(configFolder, fileName) : undefined,
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
