// Bundles the package in the current folder into dist/, and writes its manifest and its shrinkwrap.
//
// Start-up time is module loading: to find a file costs as much as to read 16 kB of it, and what is read is compiled
// to its end. So each command is one file, in which nothing is of other commands. Beside them stand, in files of their
// own, what few commands need: packages that the sources import() when they come to it, and most of oclif.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { commandList } from './bundle/command-list.mjs';
import { commandFiles } from './bundle/commands.mjs';
import { apart, separable, virtual, withoutImports, writeFiles } from './bundle/files.mjs';
import { lazyOclif } from './bundle/lazy-oclif.mjs';
import { shrinkwrapOf } from './shrinkwrap.mjs';
import { writeNotices } from './third-party-notices.mjs';

const root = process.cwd();
const dist = join(root, 'dist');
const source = (...names) => join(root, 'src', ...names);

/** `src/commands/show/user.ts` is the command `show:user`, in the file `show-user.js`. */
const commands = commandFiles(root).map((file) => ({
  id: file.slice(0, -'.ts'.length).split(sep).join(':'),
  name: file.slice(0, -'.ts'.length).split(sep).join('-'),
  file: source('commands', file),
}));

function indexFile() {
  const getters = commands.map(
    ({ id, name }) => `  get ${JSON.stringify(id)}() { return require('./${name}.js').default; },`,
  );
  const own = existsSync(source('index.ts')) ? "export * from './src/index.ts';\n" : '';
  return `${own}export const COMMANDS = {\n${getters.join('\n')}\n};\n`;
}

function together(...files) {
  return files.map((file) => `export * from './${file}';\n`).join('');
}

const oclif = lazyOclif(join(root, 'package.json'));
const texts = virtual(
  {
    'virtual:index': indexFile(),
    'virtual:oclif': oclif.others,
    'virtual:official': together('src/commands/official/at-once.ts', 'src/official/hand-over.ts'),
  },
  root,
);
const oclifPath = existsSync(source('runtime', 'oclif-path.ts'))
  ? { 'oclif-path': source('runtime', 'oclif-path.ts'), help: source('runtime', 'help', 'help.ts') }
  : {};
const hasFastPath = existsSync(source('runtime', 'fast-path'));
// What exec --broker takes has much in common with exec, and would make it slower without --broker. So it has copies of
// that: errors are told apart by their codes.
const broker = existsSync(source('commands', 'exec', 'broker-run.ts'))
  ? {
      'exec-broker': source('commands', 'exec', 'broker-run.ts'),
      'exec-broker-policy': source('commands', 'exec', 'broker-policy.ts'),
    }
  : {};
// The catalogue is large, and many requests are sent without a look at it.
const catalogue = existsSync(source('commands', 'api', 'catalogue.ts'))
  ? { 'api-catalogue': source('commands', 'api', 'catalogue.ts') }
  : {};
const own = { ...broker, ...catalogue };
const start = {
  index: 'virtual:index',
  ...(hasFastPath
    ? {
        start: source('runtime', 'fast-path', 'start.ts'),
        'fast-path': source('runtime', 'fast-path', 'main.ts'),
      }
    : {}),
  ...Object.fromEntries(commands.map(({ name, file }) => [name, file])),
};
/** Explains a refusal with the catalogue of permissions, which few runs need and some commands have anyway. */
const copied = ['/kit/dist/command/missing-permission.js'];
const separate = await separable(Object.fromEntries(commands.map(({ name, file }) => [name, file])), copied, {
  plugins: [texts, apart({ ...oclifPath, ...own }).plugin, oclif.forCommands],
});
const later = Object.fromEntries(separate.map((path) => [nameOf(path), join(root, path)]));
const { plugin: isApart, packages } = apart({ ...oclifPath, ...own, ...later });

rmSync(dist, { recursive: true, force: true });
const inStart = await writeFiles({ ...start, ...own, ...later }, dist, {
  plugins: [texts, isApart, oclif.forCommands],
  // What is imported here is CommonJS beside it: import() itself would start Node's loader of ES modules.
  supported: { 'dynamic-import': false },
});
/** They do what a command does in the usual case, and leave every other to the command. */
const atOnce = {
  'exec-at-once': source('commands', 'exec', 'at-once.ts'),
  'official-at-once': 'virtual:official',
};
const inAtOnce = hasFastPath
  ? await writeFiles(atOnce, dist, {
      plugins: [texts, withoutImports(broker)],
      supported: { 'dynamic-import': false },
    })
  : [];
const rest = { oclif: 'virtual:oclif', ...oclifPath, ...packages };
const inRest = await writeFiles(rest, dist, { plugins: [texts, oclif.whole] });
writeNotices(root, [...inStart, ...inAtOnce, ...inRest]);
writeFileSync(join(root, 'npm-shrinkwrap.json'), `${JSON.stringify(shrinkwrapOf(root), null, 2)}\n`);

// The manifest lets oclif know every command without loading one. To make it all are loaded, and each brings an oclif
// of its own that listens to standard output.
process.stdout.setMaxListeners(commands.length + 10);
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
writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`);
writeFileSync(join(dist, 'command-list.json'), `${JSON.stringify(commandList(plugin.manifest))}\n`);

/** The commands of plugins that are installed when they are first needed, as their own manifests have them. */
function jitCommands() {
  const names = Object.keys(plugin.pjson.oclif.jitPlugins ?? {});
  const commands = names.flatMap((name) => {
    const folder = dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
    return Object.entries(JSON.parse(readFileSync(join(folder, 'oclif.manifest.json'), 'utf8')).commands);
  });
  return Object.fromEntries(commands.map(([id, command]) => [id, { ...command, pluginType: 'jit' }]));
}

/** Names a file for the module that it is made of: `kit-command-missing-permission`. */
function nameOf(path) {
  const parts = path.replace(/^\.\.\/|\.\w+$/gu, '').split('/');
  return parts.filter((part) => part !== 'dist' && part !== 'src').join('-');
}
