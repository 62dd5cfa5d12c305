import type { KeyStore } from '../store.js';
import type { KeychainOptions } from './options.js';

/**
 * Returns the store in the system's keychain, through `keytar`: the service is `vastai`, the account is the profile's name.
 *
 * A lookup that fails has a code of `KeychainCode`, or the code of an entry that is not a key. The implementation is loaded
 * on first use, because most runs use no keychain.
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
