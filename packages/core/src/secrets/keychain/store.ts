import type { KeyStore } from '../store.js';
import type { KeychainOptions } from './options.js';

/**
 * Keys in the keychain of the system: service `vastai`, the profile's name as account, through `keytar`.
 *
 * A problem of a reading has one of the codes of `KeychainCode`, or says that the entry is no key.
 * What does the work is loaded when it is asked for: most runs never touch a keychain.
 */
export function keychainStore(options: KeychainOptions): KeyStore {
  const entry = () => import('./entry.js');
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
