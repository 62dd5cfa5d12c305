import { isAbsolute, join } from 'node:path';
import { homeFolder } from '@vastai-cli/core/internal/files/home';
import { isMissing } from '@vastai-cli/core/internal/files/missing';
import { folderOf, NotOnFastPath, type Package, type PackageFile, readJson, readPackage } from './package.js';

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
  const dataFolder = dataFolderOf(cli.file, env);
  const roots = [...installedRoots(dataFolder), ...checkoutRoots(cli, env)];
  const plugins = [...new Set(roots)].map(readPackage);
  for (const { file } of plugins) {
    const hasHooks = AROUND_COMMANDS.some((event) => event in (file.oclif.hooks ?? {}));
    if (hasHooks || file.oclif.plugins !== undefined) throw new NotOnFastPath();
    if (!surelyFits(file.engines?.['vastai-cli'], cli.file.version)) throw new NotOnFastPath();
  }
  return { cli, plugins, dataFolder };
}

function dataFolderOf({ name, oclif }: PackageFile, env: NodeJS.ProcessEnv): string {
  if (env.VASTAI_DATA_DIR) return env.VASTAI_DATA_DIR;
  const onWindows = process.platform === 'win32';
  // Without HOME, each system finds the home folder in its own way.
  if (!env.HOME && onWindows) throw new NotOnFastPath();
  const named = env.XDG_DATA_HOME;
  // A relative path would load plugins from the current folder, which anybody may have prepared.
  const data = named !== undefined && isAbsolute(named) ? named : undefined;
  const above = data || (onWindows && env.LOCALAPPDATA) || join(homeFolder(), '.local', 'share');
  return join(above, oclif.dirname ?? name);
}

function installedRoots(dataFolder: string): string[] {
  let list: { oclif?: { plugins?: readonly { name: string; type: string; root?: string }[] } };
  try {
    list = readJson(join(dataFolder, 'package.json')) as typeof list;
  } catch (error) {
    // XDG_DATA_HOME or the home folder may be the null device, which contains nothing.
    if (isMissing(error)) return [];
    throw error;
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
