import type { Environment } from '../../base/environment.js';

/** Options of a keychain. */
export interface KeychainOptions {
  readonly environment: Environment;
  /** Folder of the CLI. Plugins use its copy of the addon too. */
  readonly cliRoot: string;
  /** True if a person is at a terminal, and may be asked to unlock the keychain. */
  readonly interactive: boolean;
  /** Receives a sentence for the person if the keychain takes long. */
  readonly notify?: (message: string) => void;
}
