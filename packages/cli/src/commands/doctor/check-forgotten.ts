import { readSettings, recordOf } from '@vastai-cli/core/internal/config/settings';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { profilesInKeychain } from '@vastai-cli/core/internal/secrets/keychain/accounts';
import { type Finding, info } from './finding.js';

/** Finds entries of the keychain whose profile is in no settings any more, so that nothing else shows them. */
export async function checkForgotten(
  { environment, paths, profile }: Pick<Context, 'environment' | 'paths' | 'profile'>,
  cliRoot: string,
): Promise<Finding[]> {
  const settings = await readSettings(paths);
  const names = await profilesInKeychain(environment, cliRoot);
  // The profile in use is looked at anyway, and "default" needs no settings.
  const isKnown = (name: string) => [profile.name, 'default'].includes(name) || recordOf(settings, name);
  const forgotten = names.filter((name) => !isKnown(name));
  // That variable leaves the keychain out, also where keys are removed.
  const unhidden = environment.VASTAI_STORAGE === 'file' ? 'VASTAI_STORAGE=auto ' : '';
  return forgotten.map((name) => {
    const remove = `${unhidden}vastai unset api-key --profile ${name}`;
    return info(
      'keychain',
      `It holds a key of profile "${name}", which has no settings. Remove it: ${remove}`,
    );
  });
}
