import { join } from 'node:path';
import { isMissing } from '@vastai-cli/core/internal/files/missing';
import { isLeft, LIST, type PluginFolders, pluginFolders } from '../plugins/plugin-folders.js';
import { folderOf, NotOnFastPath, type Package, readJson, readPackage } from './package.js';

/** The hooks that oclif runs around every command. The CLI's own `prerun` matters only to `plugins` commands. */
const AROUND_COMMANDS = ['init', 'preparse', 'prerun', 'postrun', 'finally'];

/** Matches the only kind of version range that can be checked without a library. */
const CARET_RANGE = /^\^(\d+)\.(\d+)\.(\d+)$/u;
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/u;

/** The CLI, then the plugins installed or linked with `vastai plugins`, then, in development, those of the checkout. */
export interface Installation {
  readonly cli: Package;
  readonly plugins: readonly Package[];
  /** The folder in which `vastai plugins` installs. */
  readonly dataFolder: string;
}

/**
 * Reads which packages provide commands, as oclif does. Skips the plugins that vastai-cli itself depends on: they are
 * oclif's own, and their commands do not use the fast path.
 *
 * @throws NotOnFastPath for hooks around commands, plugins within plugins, plugins that may not fit this version of the
 *   CLI, and anything else that oclif must decide.
 */
export function readInstallation(cliRoot: string, env: NodeJS.ProcessEnv): Installation {
  const cli = readPackage(cliRoot);
  const folders = pluginFolders(env);
  if (folders === undefined) throw new NotOnFastPath();
  const dataFolder = folders.current;
  const roots = [...installedRoots(folders), ...checkoutRoots(cli, env)];
  const plugins = [...new Set(roots)].map(readPackage);
  for (const { file } of plugins) {
    const hasHooks = AROUND_COMMANDS.some((event) => event in (file.oclif.hooks ?? {}));
    if (hasHooks || file.oclif.plugins !== undefined) throw new NotOnFastPath();
    if (!surelyFits(file.engines?.['vastai-cli'], cli.file.version)) throw new NotOnFastPath();
  }
  return { cli, plugins, dataFolder };
}

interface PluginList {
  readonly oclif?: { readonly plugins?: readonly { name: string; type: string; root?: string }[] };
}

/** @throws NotOnFastPath if plugins are still in the former folder: the oclif path moves them. */
function installedRoots({ current: dataFolder, former }: PluginFolders): string[] {
  let list: PluginList;
  try {
    list = readJson(join(dataFolder, LIST)) as PluginList;
  } catch (error) {
    // XDG_DATA_HOME or the home folder may be the null device, which contains nothing.
    if (!isMissing(error)) throw error;
    if (former !== undefined && isLeft(dataFolder, former)) throw new NotOnFastPath();
    return [];
  }
  return (list.oclif?.plugins ?? []).map(({ name, type, root }) => {
    if (type === 'link' && root !== undefined) return root;
    if (type !== 'user') throw new NotOnFastPath();
    return folderOf(name, dataFolder);
  });
}

/** Returns the plugins of the checkout, which oclif loads only outside production. */
function checkoutRoots({ root, file }: Package, env: NodeJS.ProcessEnv): string[] {
  if (env.NODE_ENV !== 'development' && env.NODE_ENV !== 'test') return [];
  return (file.oclif.devPlugins ?? []).map((name) => folderOf(name, root));
}

function surelyFits(range: unknown, cliVersion: string): boolean {
  if (range === undefined) return true;
  const [, ...least] = CARET_RANGE.exec(String(range)) ?? [];
  const [, ...own] = VERSION.exec(cliVersion) ?? [];
  if (least.length === 0 || own.length === 0) return false;
  const different = least.findIndex((part, at) => part !== own[at]);
  // Below 1.0.0, the first number that is not 0 must match.
  const decisive = least.findIndex((part) => part !== '0');
  return different === -1 || (different > decisive && Number(own[different]) > Number(least[different]));
}
