import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from '@vastai-cli/core/internal/files/home';

/** The name of our folder among those of other programs, and the one before: the official CLI's installer owns that. */
const NAME = 'vastai-cli';
const FORMER_NAME = 'vastai';

/** oclif's list of the plugins in a folder. */
export const LIST = 'package.json';

/** The folders of the plugins that the user installed. */
export interface PluginFolders {
  /** The folder in which `vastai plugins` installs, as oclif determines it. */
  readonly current: string;
  /** The folder in which it once did; `undefined` if VASTAI_DATA_DIR names the folder. */
  readonly former: string | undefined;
}

/** Returns the folders of plugins, or `undefined` if only oclif can tell: on Windows, without HOME. */
export function pluginFolders(env: NodeJS.ProcessEnv): PluginFolders | undefined {
  if (env.VASTAI_DATA_DIR) return { current: env.VASTAI_DATA_DIR, former: undefined };
  const onWindows = process.platform === 'win32';
  // Without HOME, each system finds the home folder in its own way.
  if (!env.HOME && onWindows) return undefined;
  const named = env.XDG_DATA_HOME;
  // A relative path would load plugins from the current folder, which anybody may have prepared.
  const data = named !== undefined && isAbsolute(named) ? named : undefined;
  const above = data || (onWindows && env.LOCALAPPDATA) || join(homeFolder(), '.local', 'share');
  return { current: join(above, NAME), former: join(above, FORMER_NAME) };
}

/** Returns true if plugins are still in the former folder. Those in the current one win. */
export function isLeft(current: string, former: string): boolean {
  if (existsSync(join(current, LIST))) return false;
  try {
    const { oclif } = JSON.parse(readFileSync(join(former, LIST), 'utf8')) as {
      oclif?: { plugins?: readonly unknown[] };
    };
    return Array.isArray(oclif?.plugins) && oclif.plugins.length > 0;
  } catch {
    return false;
  }
}
