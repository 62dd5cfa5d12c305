import type { Paths } from '../config/paths.js';
import { fileStore } from './file-store.js';
import { sessionAccount } from './keychain/entry-name.js';
import type { KeychainOptions } from './keychain/options.js';
import { keychainStore } from './keychain/store.js';
import type { KeyStore } from './store.js';

/** The stores that a two-factor session can be in. To a store, a session is a key. */
export interface SessionStores {
  /** Files `profiles/NAME/tfa_session`, also for the profile `default`. */
  readonly file: KeyStore;
  /** Keychain of the system, with the service `vastai` and the account `NAME/session`, which is no profile's name. */
  readonly keychain: KeyStore;
}

/** Returns the stores of the two-factor sessions of all profiles. */
export function sessionStores(paths: Paths, options: KeychainOptions): SessionStores {
  return {
    file: fileStore(paths, paths.sessionFile),
    keychain: keychainStore(options, sessionAccount),
  };
}
