import type { KeyStore } from '../store.js';
import type { KeychainOptions } from './options.js';

/**
 * Returns the store in the system's keychain, through `keytar`: the service is `vastai`, the account is the profile's name.
 *
 * A lookup that fails has a code of `KeychainCode`, or the code of an entry that is not a key. The implementation is loaded
 * on first use, because most runs use no keychain.
 *
 * @param accountOf returns the account of a profile; by default, the profile's name
 */
export function keychainStore(
  options: KeychainOptions,
  accountOf = (profile: string): string => profile,
): KeyStore {
  const entry = () => import('./entry.js');
  return {
    kind: 'keychain',
    locate: (profile) => `keychain (vastai, ${accountOf(profile)})`,
    read: async (profile) => (await entry()).readEntry(options, accountOf(profile)),
    probe: async () => (await entry()).probeKeychain(options),
    keep: async (profile) => (await entry()).keepEntry(options, accountOf(profile)),
    write: async (profile, key) => (await entry()).writeEntry(options, accountOf(profile), key),
    remove: async (profile) => (await entry()).removeEntry(options, accountOf(profile)),
  };
}
