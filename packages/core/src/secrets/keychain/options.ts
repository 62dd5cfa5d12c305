import type { Environment } from '../../base/environment.js';

/** Holds what a keychain is reached with. */
export interface KeychainOptions {
  readonly environment: Environment;
  /** The folder of the CLI that runs: its one copy of the addon is used, also by plugins. */
  readonly cliRoot: string;
  /** Whether a person sits at a terminal, who may be asked to unlock the keychain. */
  readonly interactive: boolean;
  /** Is given one line for the person when the keychain makes them wait. */
  readonly notify?: (message: string) => void;
}
