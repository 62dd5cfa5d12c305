import type { Config } from '@oclif/core/config';
import { SUMMARIES } from '../help/first-screen.js';

/** Describes one of oclif's commands in the words of our own help. */
interface Words {
  readonly summary?: string;
  readonly description?: string;
  readonly flags?: Readonly<Record<string, string>>;
  readonly args?: Readonly<Record<string, string>>;
  readonly examples?: readonly { readonly description: string; readonly command: string }[];
}

const COMMANDS: Readonly<Record<string, Words>> = {
  help: {
    args: { command: 'The topic, command or page to show help for.' },
    flags: { 'nested-commands': 'Also list the commands of every topic.' },
  },
  plugins: {
    description: 'Without a subcommand, lists the installed plugins.',
    flags: { core: 'Also list the parts of vastai itself.' },
    examples: [{ description: 'List the installed plugins:', command: '<%= config.bin %> plugins' }],
  },
  'plugins:inspect': {
    summary: 'Show the version, location and dependencies of a plugin.',
    args: { plugin: 'The name of the plugin, or its folder.' },
    flags: { verbose: 'Show more details.' },
    examples: [{ description: 'Inspect a plugin:', command: '<%= config.bin %> plugins inspect keys' }],
  },
  'plugins:install': {
    summary: 'Install plugins.',
    description:
      'Plugins come from the npm registry, or from the one in VASTAI_NPM_REGISTRY. vastai asks before it installs a third-party plugin, because its commands could use your keys. Install scripts never run.',
    args: { plugin: 'The name, version, URL or GitHub repository of the plugin.' },
    flags: {
      force: 'Download the plugin again, even if npm has a copy.',
      silent: 'Hide the output of npm.',
      verbose: 'Show more output of npm.',
    },
    examples: [
      { description: 'Install an official plugin:', command: '<%= config.bin %> plugins install keys' },
      {
        description: 'Install a plugin from a URL:',
        command: '<%= config.bin %> plugins install https://github.com/someuser/someplugin',
      },
      {
        description: 'Install a plugin from a GitHub repository:',
        command: '<%= config.bin %> plugins install someuser/someplugin',
      },
    ],
  },
  'plugins:link': {
    summary: 'Use a plugin from a folder, for development.',
    description: 'Runs the plugin from its folder, so that you can try a change without publishing it.',
    args: { path: 'The folder of the plugin.' },
    flags: { install: "Install the plugin's dependencies first.", verbose: 'Show the output of npm.' },
    // oclif's own example takes a name, which does not work.
    examples: [{ description: 'Link a folder:', command: '<%= config.bin %> plugins link ./my-plugin' }],
  },
  'plugins:reset': {
    summary: 'Remove all installed and linked plugins.',
    flags: {
      hard: 'Also delete node_modules, package.json and lock files from the plugin folder.',
      reinstall: 'Install the same plugins again afterwards.',
    },
  },
  'plugins:uninstall': {
    summary: 'Remove plugins.',
    args: { plugin: 'The name of the plugin.' },
    flags: { verbose: 'Show the output of npm.' },
    examples: [{ description: 'Remove a plugin:', command: '<%= config.bin %> plugins uninstall keys' }],
  },
  'plugins:update': {
    summary: 'Update the installed plugins.',
    flags: { verbose: 'Show the output of npm.' },
  },
};

const FLAGS: Readonly<Record<string, string>> = {
  json: 'Print one JSON document, even if the command fails.',
  help: 'Show this help.',
};

/** Describes oclif's commands for help and plugins like our own, and corrects an example that does not work as printed. */
export function describePluginCommands(config: Config): void {
  for (const [
    id,
    { summary = SUMMARIES[id], description, flags = {}, args = {}, examples },
  ] of Object.entries(COMMANDS)) {
    const command = config.findCommand(id);
    if (command === undefined) continue;
    if (summary !== undefined) command.summary = summary;
    // oclif prints a description that is left out as the summary once more.
    if (description === undefined) delete command.description;
    else command.description = description;
    if (examples !== undefined) command.examples = [...examples];
    command.flags = withDescriptions(command.flags, { ...FLAGS, ...flags });
    command.args = withDescriptions(command.args, args);
  }
}

function withDescriptions<T extends object>(
  fields: Readonly<Record<string, T>>,
  words: Readonly<Record<string, string>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const description = words[name];
      return [name, description === undefined ? field : { ...field, description, summary: undefined }];
    }),
  );
}
