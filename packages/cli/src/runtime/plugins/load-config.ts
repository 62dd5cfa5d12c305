import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Config } from '@oclif/core/config';
import { type BrokenCommands, brokenCommands } from './broken-commands.js';
import { completeEnvironment } from './complete-environment.js';
import { leaveFormerFolder } from './former-folder.js';
import { guardPlugins } from './guard.js';
import { addYesToInstall } from './oclif-commands.js';
import { withPluginLock } from './one-at-a-time.js';
import { describePluginCommands } from './plugin-help.js';
import { isChangeUnfinished } from './unfinished-change.js';

/** Prints messages to standard error. */
export interface Tell {
  warn(text: string): void;
  note(text: string): void;
}

interface Loaded {
  readonly config: Config;
  readonly failures: readonly Error[];
  readonly broken: BrokenCommands;
}

/**
 * Loads oclif's configuration of the CLI and its plugins. Guards the plugins that the user installed, so that none of
 * them can break the others or replace a command of vastai.
 *
 * @param root a folder inside the package of the CLI
 * @param argv the arguments of this run, to warn only about what matters to them
 */
export async function loadConfig(root: string, argv: readonly string[], tell: Tell): Promise<Config> {
  completeEnvironment(process.env);
  await leaveFormerFolder(process.env, (text) => tell.note(text));
  const { config, failures, broken } = await loadSettled(root, tell);
  if (failures.length > 0) for (const text of await leftOut(config, failures)) tell.warn(text);
  for (const text of [...broken.texts, ...(await guardPlugins(config, argv))]) tell.warn(text);
  addYesToInstall(config);
  describePluginCommands(config);
  return config;
}

/** Loads the plugins again if they were changing: after another process has finished, or a killed one is repaired. */
async function loadSettled(root: string, tell: Tell): Promise<Loaded> {
  const loaded = await load(root);
  const { config, failures, broken } = loaded;
  if (failures.length === 0 && broken.texts.length === 0) return loaded;
  if (await isChangeUnfinished(config)) {
    // If the lock is not available, the caller reports what could not be loaded.
    await withPluginLock(
      config,
      (text) => tell.note(text),
      async () => {},
    ).catch(() => {});
  } else if (!broken.isListDamaged) return loaded;
  return load(root);
}

async function load(root: string): Promise<Loaded> {
  const config = new Config({ root });
  const failures: Error[] = [];
  // oclif would report them as Node warnings of many lines.
  Object.assign(config, { warn: (error: Error) => failures.push(error) });
  return { config, failures, broken: await brokenCommands(config) };
}

/** Returns a message about the plugins that oclif could not load: their names, the reason, and how to remove them. */
async function leftOut(config: Config, failures: readonly Error[]): Promise<string[]> {
  const loaded = new Set([...config.plugins.values()].map(({ name }) => name));
  const names = (await installed(config)).filter((name) => !loaded.has(name));
  const why = failures.map(({ message }) => message.split('\n', 1)[0]).join('; ');
  if (names.length === 0) return [`Could not load a plugin: ${why}`];
  return [
    `Could not load ${names.join(', ')}: ${why}\n` + `Remove it: vastai plugins uninstall ${names.join(' ')}`,
  ];
}

async function installed({ dataDir }: Config): Promise<string[]> {
  const text = await readFile(join(dataDir, 'package.json'), 'utf8').catch(() => '{}');
  const { oclif } = JSON.parse(text) as { oclif?: { plugins?: readonly { readonly name: string }[] } };
  return (oclif?.plugins ?? []).map(({ name }) => name);
}
