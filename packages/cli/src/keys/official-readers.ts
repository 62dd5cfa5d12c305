import { existsSync } from 'node:fs';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type AdviceTarget, profileFlag } from '@vastai-cli/kit/render/advice-target';
import { note, type Remark } from '@vastai-cli/kit/result';
import { isOfficialCliThere } from '../official/find-cli.js';
import { isSdkOnPath } from '../official/python-packages.js';

/**
 * Returns a remark if the official CLI or SDK is installed here and no longer finds the key: both read only the files of
 * the default profile, and a key has left them for the keychain.
 *
 * @param left the places from which a key was moved or removed
 * @param ownRoot the folder of our own package
 */
export function officialReaders(
  { environment, paths, profile, stores }: Context,
  left: readonly string[],
  ownRoot: string,
  target: AdviceTarget,
): Remark[] {
  const files = [stores.file.locate(profile.name), paths.legacyFile];
  if (profile.name !== 'default' || !left.some((place) => files.includes(place))) return [];
  if (files.some((file) => existsSync(file))) return [];
  if (!isOfficialCliThere(environment, ownRoot) && !isSdkOnPath(environment)) return [];
  const flag = profileFlag(target);
  return [
    note(
      `The official CLI and SDK no longer find the key. Run them with "vastai exec${flag} -- …", or keep a copy for them: vastai config migrate --to keychain --keep-file${flag}`,
    ),
  ];
}
