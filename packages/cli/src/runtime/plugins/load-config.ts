import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Config } from '@oclif/core/config';
import { type BrokenCommands, brokenCommands } from './broken-commands.js';
import { completeEnvironment } from './complete-environment.js';
import { guardPlugins } from './guard.js';
import { addYesToInstall, correctExamples } from './oclif-commands.js';
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
  readonly broken: BrokenCommands;
}

/**
 * What oclif knows about the CLI and its plugins, with those plugins guarded that the user installed: none of
 * them can take the others down, or a command from vastai.
 *
 * @param root a folder inside the package of the CLI
 * @param argv what was typed, to tell only of what matters to it
 */
export async function loadConfig(root: string, argv: readonly string[], tell: Tell): Promise<Config> {
  completeEnvironment(process.env);
  const { config, failures, broken } = await loadSettled(root, tell);
  if (failures.length > 0) for (const text of await leftOut(config, failures)) tell.warn(text);
  for (const text of [...broken.texts, ...(await guardPlugins(config, argv))]) tell.warn(text);
  addYesToInstall(config);
  correctExamples(config);
  return config;
}

/** Loads once more where plugins were half-way: after another process has changed them, or one that was killed is healed. */
async function loadSettled(root: string, tell: Tell): Promise<Loaded> {
  const loaded = await load(root);
  const { config, failures, broken } = loaded;
  if (failures.length === 0 && broken.texts.length === 0) return loaded;
  if (await isChangeUnfinished(config)) {
    // Where that cannot be done, what could not be loaded is said.
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
  // oclif's own way of telling is a warning of Node's, in many lines.
  Object.assign(config, { warn: (error: Error) => failures.push(error) });
  return { config, failures, broken: await brokenCommands(config) };
}

/** What to say of the plugins that oclif could not load: which, why, and how to be rid of them. */
async function leftOut(config: Config, failures: readonly Error[]): Promise<string[]> {
  const loaded = new Set([...config.plugins.values()].map(({ name }) => name));
  const names = (await installed(config)).filter((name) => !loaded.has(name));
  const why = failures.map(({ message }) => message.split('\n', 1)[0]).join('; ');
  if (names.length === 0) return [`A plugin could not be loaded: ${why}`];
  return [
    `Without ${names.join(', ')}, which could not be loaded: ${why}\n` +
      `To be rid of it: vastai plugins uninstall ${names.join(' ')}`,
  ];
}

async function installed({ dataDir }: Config): Promise<string[]> {
  const text = await readFile(join(dataDir, 'package.json'), 'utf8').catch(() => '{}');
  const { oclif } = JSON.parse(text) as { oclif?: { plugins?: readonly { readonly name: string }[] } };
  return (oclif?.plugins ?? []).map(({ name }) => name);
}
