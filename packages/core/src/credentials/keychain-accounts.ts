import type { Environment } from '../config/environment.js';
import { isProfileName } from '../config/profile-name.js';
import { withinLimit } from './keychain-limit.js';
import { KeychainError } from './keychain-problem.js';
import { entryAccounts } from './keychain-service.js';
import type { KeychainOptions } from './keychain-store.js';

/**
 * Lists the profiles that have an entry in the keychain, without reading a secret or asking for a password. A keychain
 * that cannot be asked has none.
 */
export async function profilesInKeychain(environment: Environment, cliRoot: string): Promise<string[]> {
  const options: KeychainOptions = { environment, cliRoot, interactive: false };
  try {
    const accounts = await withinLimit(options, (signal) => entryAccounts(environment, signal));
    return [...new Set(accounts.filter(isProfileName))].sort();
  } catch (error) {
    if (error instanceof KeychainError) return [];
    throw error;
  }
}
