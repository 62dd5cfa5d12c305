import type { Environment } from '../../base/environment.js';
import { isProfileName } from '../../base/profile-name.js';
import { isKeychainError } from './errors.js';
import { entryAccounts } from './linux/secret-service.js';
import type { KeychainOptions } from './options.js';
import { withinLimit } from './timeout.js';

/**
 * Lists the profiles that have an entry in the keychain, without reading a secret or asking for a password. Returns an empty
 * list if the keychain does not respond.
 */
export async function profilesInKeychain(environment: Environment, cliRoot: string): Promise<string[]> {
  const options: KeychainOptions = { environment, cliRoot, interactive: false };
  try {
    const accounts = await withinLimit(options, (signal) => entryAccounts(environment, signal));
    return [...new Set(accounts.filter(isProfileName))].sort();
  } catch (error) {
    if (isKeychainError(error)) return [];
    throw error;
  }
}
