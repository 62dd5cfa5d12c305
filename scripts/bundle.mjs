// Bundles the package in the current folder into one CommonJS file, dist/index.js, and writes its manifest.
// Start-up time is module loading: one file, in which a command is evaluated only when it is asked for.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { build } from 'esbuild';
import { writeNotices } from './third-party-notices.mjs';

const require = createRequire(import.meta.url);
const root = process.cwd();
const commandsFolder = join(root, 'src', 'commands');

/** `src/commands/show/user.ts` is the command `show:user`. */
function commandIds() {
  return readdirSync(commandsFolder, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => file.slice(0, -'.ts'.length).split(sep).join(':'));
}

function entry() {
  const getters = commandIds().map(
    (id) =>
      `  get ${JSON.stringify(id)}() { return require('./src/commands/${id.replaceAll(':', '/')}.ts').default; },`,
  );
  const own = existsSync(join(root, 'src', 'index.ts')) ? "export * from './src/index.ts';\n" : '';
  return `${own}export const COMMANDS = {\n${getters.join('\n')}\n};\n`;
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
const { metafile } = await build({
  stdin: { contents: entry(), resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
  outfile: join(root, 'dist', 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  alias: {
    // node-fetch 2 asks for the built-in punycode, which warns on Node 21 and newer.
    punycode: require.resolve('punycode/'),
    // Its CommonJS build is UMD, whose requires cannot be followed.
    'jsonc-parser': join(dirname(require.resolve('jsonc-parser/package.json')), 'lib/esm/main.js'),
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

writeNotices(
  root,
  Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)),
);

// The manifest lets oclif know every command without loading one.
const { Plugin } = createRequire(join(root, 'package.json'))('@oclif/core/config');
const plugin = new Plugin({
  root,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
Object.assign(plugin.manifest.commands, jitCommands());
writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest, null, 2)}\n`);

/** The commands of plugins that are installed when they are first needed, as their own manifests have them. */
function jitCommands() {
  const names = Object.keys(plugin.pjson.oclif.jitPlugins ?? {});
  const commands = names.flatMap((name) => {
    const folder = dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
    return Object.entries(JSON.parse(readFileSync(join(folder, 'oclif.manifest.json'), 'utf8')).commands);
  });
  return Object.fromEntries(commands.map(([id, command]) => [id, { ...command, pluginType: 'jit' }]));
}
