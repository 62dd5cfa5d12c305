import type { TestHome } from '@vastai-cli/testing/home';

const DATA = '.local/share/vastai-cli';

/** A plugin as a user may have one, with commands that print their plugin's name. */
export interface UserPlugin {
  readonly name: string;
  readonly version?: string;
  /** Its range of versions of the CLI. */
  readonly range?: string;
  /** As `show:user`. */
  readonly commands: readonly string[];
  /** Code that its module runs before it defines the commands. */
  readonly code?: string;
  readonly withManifest?: boolean;
  /** The script that npm runs after installing it. */
  readonly postinstall?: string;
  /** The name of a hook, which prints that it ran. */
  readonly hook?: string;
}

/**
 * Puts plugins where `vastai plugins install` puts them.
 *
 * @param data another folder, relative to the home
 */
export async function placePlugins(
  home: TestHome,
  plugins: readonly UserPlugin[],
  data: string = DATA,
): Promise<void> {
  for (const plugin of plugins) {
    const folder = `${data}/node_modules/${plugin.name}`;
    await home.write(`${folder}/package.json`, JSON.stringify(packageOf(plugin)));
    await home.write(`${folder}/index.js`, moduleOf(plugin));
    if (plugin.withManifest !== false)
      await home.write(`${folder}/oclif.manifest.json`, JSON.stringify(manifestOf(plugin)));
  }
  const list = plugins.map(({ name }) => ({ name, type: 'user', tag: 'latest' }));
  const dependencies = Object.fromEntries(plugins.map(({ name }) => [name, '*']));
  await home.write(
    `${data}/package.json`,
    JSON.stringify({ dependencies, oclif: { schema: 1, plugins: list }, private: true }),
  );
}

function packageOf({ name, version = '1.0.0', range, hook, postinstall }: UserPlugin) {
  return {
    name,
    version,
    main: 'index.js',
    ...(postinstall === undefined ? {} : { scripts: { postinstall } }),
    ...(range === undefined ? {} : { engines: { 'vastai-cli': range } }),
    oclif: {
      commands: { strategy: 'explicit', target: './index.js', identifier: 'COMMANDS' },
      ...(hook === undefined ? {} : { hooks: { [hook]: { target: './index.js', identifier: 'HOOK' } } }),
    },
  };
}

function moduleOf({ name, commands, code = '' }: UserPlugin): string {
  const run = `static async run() { console.log('from ${name}'); }`;
  const classes = commands.map((id) => `'${id}': class { static id = '${id}'; ${run} }`);
  return `${code}
exports.COMMANDS = { ${classes.join(', ')} };
exports.HOOK = async () => { console.error('hook of ${name}'); };
`;
}

function manifestOf({ name, version = '1.0.0', commands }: UserPlugin) {
  const entry = (id: string) => ({
    id,
    pluginName: name,
    pluginType: 'core',
    aliases: [],
    hiddenAliases: [],
    args: {},
    flags: {},
    strict: true,
    hidden: false,
  });
  return { version, commands: Object.fromEntries(commands.map((id) => [id, entry(id)])) };
}
