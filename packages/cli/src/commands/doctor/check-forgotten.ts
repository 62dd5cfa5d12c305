import { readSettings, recordOf } from '@vastai-cli/core/internal/config/settings';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { profilesInKeychain } from '@vastai-cli/core/internal/secrets/keychain/accounts';
import { type Finding, info } from './finding.js';

/** Reports entries of the keychain whose profile is no longer in the settings, so that nothing else shows them. */
export async function checkForgotten(
  { environment, paths, profile }: Pick<Context, 'environment' | 'paths' | 'profile'>,
  cliRoot: string,
): Promise<Finding[]> {
  const settings = await readSettings(paths);
  const names = await profilesInKeychain(environment, cliRoot);
  // Other checks cover the profile in use, and "default" needs no settings.
  const isKnown = (name: string) => [profile.name, 'default'].includes(name) || recordOf(settings, name);
  const forgotten = names.filter((name) => !isKnown(name));
  // With that variable, `unset api-key` would skip the keychain too.
  const unhidden = environment.VASTAI_STORAGE === 'file' ? 'VASTAI_STORAGE=auto ' : '';
  return forgotten.map((name) => {
    const remove = `${unhidden}vastai unset api-key --profile ${name}`;
    return info(
      'keychain',
      `The keychain has a key for profile "${name}", which has no settings. Remove it: ${remove}`,
    );
  });
}
