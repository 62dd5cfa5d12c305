import { join } from 'node:path';
import type { Config } from '@oclif/core/config';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { sortWords } from '../fast-path/sort-words.js';
import { flagsOfCommands } from '../flags-of-commands.js';
import { fits, OWN_SCOPE, unfitError } from './fit.js';

type Plugin = ReturnType<Config['getPluginsList']>[number];

/**
 * Guards the plugins that the user installed or linked:
 * - the commands of a plugin that does not fit this version of the CLI fail, and its hooks do not run;
 * - the error of a plugin that throws while it is loaded names the plugin, and how to remove it;
 * - commands of vastai and its own plugins take precedence; between others, the plugin whose name sorts first does.
 *
 * @returns a message if two plugins provide the command in `argv`
 */
export async function guardPlugins(config: Config, argv: readonly string[]): Promise<string[]> {
  const theirs = config.getPluginsList().filter(({ type }) => type === 'user' || type === 'link');
  for (const plugin of theirs) {
    const refusal = fits(statementOf(plugin), config.version)
      ? undefined
      : unfitError(statementOf(plugin), config.version);
    if (refusal !== undefined) plugin.hooks = {};
    for (const command of plugin.commands) command.load = guardedLoad(plugin, command.load, refusal);
  }
  return settleCollisions(config, theirs, argv);
}

function statementOf({ name, version, pjson }: Plugin) {
  return { name, version, engines: pjson.engines };
}

function guardedLoad<Loaded>(plugin: Plugin, load: () => Promise<Loaded>, refusal: Error | undefined) {
  return async (): Promise<Loaded> => {
    if (refusal !== undefined) throw refusal;
    try {
      return await load();
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      throw new VastaiError(
        'internal',
        `Could not load the plugin ${plugin.name} ${plugin.version}: ${why}`,
        {
          hint: `Report it to the author of the plugin, or remove it: vastai plugins uninstall ${plugin.name}`,
          cause: error,
        },
      );
    }
  };
}

/** Removes commands from third-party plugins that another plugin already provides. */
function settleCollisions(config: Config, theirs: readonly Plugin[], argv: readonly string[]): string[] {
  const others = theirs
    .filter((plugin) => !isOfficial(config, plugin))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const owners = new Map<string, string>();
  for (const plugin of config.getPluginsList().filter((one) => !others.includes(one))) {
    for (const command of plugin.commands)
      for (const id of idsOf(command)) owners.set(id, command.pluginName ?? plugin.name);
  }
  const typed = sortWords(argv, flagsOfCommands(config)).names.join(':');
  const said: string[] = [];
  for (const plugin of others) {
    const taken = plugin.commands.filter((command) => idsOf(command).some((id) => owners.has(id)));
    plugin.commands = plugin.commands.filter((command) => !taken.includes(command));
    for (const id of taken.flatMap(idsOf)) {
      if (`${typed}:`.startsWith(`${id}:`) && owners.has(id))
        said.push(
          `Both ${owners.get(id)} and ${plugin.name} provide "${id.replaceAll(':', ' ')}"; the first is used.`,
        );
    }
    for (const id of plugin.commands.flatMap(idsOf)) owners.set(id, plugin.name);
  }
  return said;
}

/** Returns true for an official plugin, and false for a package that only claims to be one: its folder has another name. */
function isOfficial({ dataDir }: Config, { name, root, type }: Plugin): boolean {
  return name.startsWith(OWN_SCOPE) && (type === 'link' || root === join(dataDir, 'node_modules', name));
}

function idsOf({ id, aliases, hiddenAliases }: Plugin['commands'][number]): string[] {
  return [id, ...(aliases ?? []), ...(hiddenAliases ?? [])];
}
