import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Advice } from '../base/advice.js';
import { maySend } from '../base/origin.js';
import { pathsOf } from '../config/paths.js';
import { readSettings, recordOf, type Settings } from '../config/settings.js';
import type { Problem } from '../secrets/lookup.js';
import type { Context } from './context.js';
import { boundOriginOf } from './stored-sources.js';

/**
 * Reports a key file below `~/.config` that is not read because XDG_CONFIG_HOME names another folder, as in the terminal of
 * an editor that was installed as a snap. It does not open the file.
 */
export async function keyInUsualPlace(context: Context): Promise<Problem | undefined> {
  const { environment, paths, profile } = context;
  const { XDG_CONFIG_HOME: chosen, ...rest } = environment;
  const usualPaths = pathsOf(rest, dirname(paths.legacyFile));
  if (usualPaths.configFolder === paths.configFolder) return undefined;
  const settings = await readSettings(usualPaths).catch(() => undefined);
  // If nothing names a profile, the settings there choose it.
  const name = profile.from === 'default' ? (settings?.current ?? profile.name) : profile.name;
  const usual = usualPaths.keyFile(name);
  const isThere = await lstat(usual).then(
    (stats) => !stats.isDirectory(),
    () => false,
  );
  if (!isThere) return undefined;
  return {
    code: 'other_config_home',
    message: `${usual} contains a key, but is not read because XDG_CONFIG_HOME is ${chosen}.`,
    fix: [
      { do: 'unset', variable: 'XDG_CONFIG_HOME', purpose: 'To use it' },
      ...copyOf(usual, name, settings, context),
    ],
  };
}

/** Advises copying a key for the API that it was saved for, because `set api-key` sends it there to check it. */
function copyOf(from: string, name: string, settings: Settings | undefined, { url }: Context): Advice[] {
  if (settings === undefined) return [];
  const boundOrigin = boundOriginOf(recordOf(settings, name));
  const elsewhere = maySend(boundOrigin, url) ? {} : { url: boundOrigin.origin };
  return [{ do: 'save-key', from, ...elsewhere, purpose: 'To copy it here' }];
}
