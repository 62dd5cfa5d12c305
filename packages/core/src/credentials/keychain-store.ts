import type { Environment } from '../config/environment.js';
import type { KeyStore } from './store.js';

/** What a keychain is reached with. */
export interface KeychainOptions {
  readonly environment: Environment;
  /** The folder of the CLI that runs: its one copy of the addon is used, also by plugins. */
  readonly cliRoot: string;
  /** Whether a person sits at a terminal, who may be asked to unlock the keychain. */
  readonly interactive: boolean;
  /** Is given one line for the person when the keychain makes them wait. */
  readonly notify?: (message: string) => void;
}

/**
 * Keys in the keychain of the system: service `vastai`, the profile's name as account, through `keytar`.
 *
 * A problem of a reading has one of the codes of `KeychainCode`, or says that the entry is no key.
 * What does the work is loaded when it is asked for: most runs never touch a keychain.
 */
export function keychainStore(options: KeychainOptions): KeyStore {
  const entry = () => import('./keychain-entry.js');
  return {
    kind: 'keychain',
    locate: (profile) => `keychain (vastai, ${profile})`,
    read: async (profile) => (await entry()).readEntry(options, profile),
    probe: async () => (await entry()).probeKeychain(options),
    keep: async (profile) => (await entry()).keepEntry(options, profile),
    write: async (profile, key) => (await entry()).writeEntry(options, profile, key),
    remove: async (profile) => (await entry()).removeEntry(options, profile),
  };
}
