import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathsOf } from '../config/paths.js';
import type { Session } from '../session.js';
import type { Problem } from './reading.js';

/**
 * Reports a key file under `~/.config` that XDG_CONFIG_HOME leads away from, as it does in the terminals of editors that
 * were installed as snaps. Looks whether the file is there, and does not open it.
 */
export async function keyInUsualPlace({
  environment,
  paths,
  profile,
}: Session): Promise<Problem | undefined> {
  const { XDG_CONFIG_HOME: chosen, ...rest } = environment;
  const usual = pathsOf(rest, dirname(paths.legacyFile)).keyFile(profile.name);
  if (usual === paths.keyFile(profile.name)) return undefined;
  const isThere = await lstat(usual).then(
    (stats) => !stats.isDirectory(),
    () => false,
  );
  if (!isThere) return undefined;
  return {
    code: 'other_config_home',
    message: `A key is in ${usual}, which is not looked at because XDG_CONFIG_HOME is ${chosen}.`,
    fix: [
      { do: 'unset', variable: 'XDG_CONFIG_HOME', purpose: 'To use it' },
      { do: 'save-key', from: usual, purpose: 'To copy it here' },
    ],
  };
}
