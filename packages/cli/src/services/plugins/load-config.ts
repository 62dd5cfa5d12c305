import { Config } from '@oclif/core/config';
import { brokenCommands } from './broken-commands.js';
import { guardPlugins } from './guard.js';
import { addYesToInstall } from './install-flags.js';
import { leftOut } from './left-out.js';
import { withPluginLock } from './one-at-a-time.js';
import { isChangeUnfinished } from './unfinished-change.js';

/** Ways to tell a person something on standard error. */
export interface Tell {
  warn(text: string): void;
  note(text: string): void;
}

interface Loaded {
  readonly config: Config;
  readonly failures: readonly Error[];
  readonly broken: readonly string[];
  readonly isListUnreadable: boolean;
}

/**
 * What oclif knows about the CLI and its plugins, with those plugins guarded that the user installed: none of
 * them can take the others down, or a command from vastai.
 *
 * @param root a folder inside the package of the CLI
 * @param argv what was typed, to tell only of what matters to it
 */
export async function loadConfig(root: string, argv: readonly string[], tell: Tell): Promise<Config> {
  const { config, failures, broken, isListUnreadable } = await loadSettled(root, tell);
  if (isListUnreadable)
    tell.warn(`Without the plugins in ${config.dataDir}: their list, package.json, is not valid JSON.`);
  if (failures.length > 0) for (const text of await leftOut(config, failures)) tell.warn(text);
  for (const text of [...broken, ...(await guardPlugins(config, argv))]) tell.warn(text);
  addYesToInstall(config);
  return config;
}

/** Loads once more where plugins were half-way: after another process has changed them, or one that was killed is healed. */
async function loadSettled(root: string, tell: Tell): Promise<Loaded> {
  const loaded = await load(root);
  const { config, failures, broken, isListUnreadable } = loaded;
  if (!isListUnreadable && failures.length === 0 && broken.length === 0) return loaded;
  if (await isChangeUnfinished(config)) {
    // Where that cannot be done, what could not be loaded is said.
    await withPluginLock(
      config,
      (text) => tell.note(text),
      async () => {},
    ).catch(() => {});
  } else if (!isListUnreadable) return loaded;
  return load(root);
}

async function load(root: string): Promise<Loaded> {
  const config = new Config({ root });
  const failures: Error[] = [];
  let isListUnreadable = false;
  // oclif's own way of telling is a warning of Node's, in many lines.
  Object.assign(config, { warn: (error: Error) => failures.push(error) });
  const broken = await brokenCommands(
    () => config.load(),
    () => {
      isListUnreadable = true;
    },
  );
  return { config, failures, broken, isListUnreadable };
}
