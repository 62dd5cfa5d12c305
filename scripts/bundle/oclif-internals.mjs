// What we rely on in oclif although it promises none of it: a row for each, which oclif-internals.test.mjs looks for in the
// version that is installed. A row that fails says who relies on it, and what to do.
import { FOR_COMMANDS, OPENS_STDOUT, REQUIRE } from './lazy-oclif.mjs';

const CORE = '@oclif/core';
const PLUGINS = '@oclif/plugin-plugins';
const KIT = 'packages/kit/src/command';
const RUNTIME = 'packages/cli/src/runtime';

/** The fields of `this.config` on the fast path, and those that oclif can do without. */
const CONFIG_ON_FAST_PATH = ['bin', 'runHook', 'scopedEnvVarKeys', 'userAgent'];
/** Asked for only where `enableJsonFlag` is set, which no command of ours does, or by a method that none calls. */
const CONFIG_UNUSED = ['scopedEnvVar', 'scopedEnvVarKey', 'theme'];

/**
 * `file` of `package` has to have `member`, a path from what it exports, or `text`; or what `every` finds, its first group,
 * is among `known` each time. `by` is the file of ours that relies on it, and `so` what to do when it is gone.
 */
export const INTERNALS = [
  ...FOR_COMMANDS.map((id) => ({
    package: CORE,
    file: `lib/${id}.js`,
    text: /^(?:exports\.|Object\.defineProperty\(exports, )/mu,
    by: 'scripts/bundle/lazy-oclif.mjs',
    so: 'takes it into the file of each command: correct FOR_COMMANDS, and look at packages/cli/test/start-up.',
  })),
  {
    package: CORE,
    file: 'lib/command.js',
    text: REQUIRE,
    by: 'scripts/bundle/lazy-oclif.mjs',
    so: 'replaces requires that are written like this by late ones: correct REQUIRE, or each start loads all of oclif.',
  },
  {
    package: CORE,
    file: 'lib/command.js',
    text: OPENS_STDOUT,
    by: 'scripts/bundle/lazy-oclif.mjs',
    so: 'leaves it out, since kit/src/render/lost-output.ts handles these errors: correct OPENS_STDOUT, or each start opens a stream.',
  },
  {
    package: CORE,
    file: 'lib/command.js',
    member: 'Command.prototype._run',
    by: `${KIT}/base-command.ts`,
    so: 'overrides it to print what `run` returns: override what oclif calls now, or nothing is printed.',
  },
  {
    package: CORE,
    file: 'lib/command.js',
    text: /async _run\(\) \{[^}]*\btry \{[^}]*await this\.init\(\);\s+result = await this\.run\(\);\s+\}\s+catch \((\w+)\) \{[^}]*await this\.catch\(\1\);\s+\}\s+finally \{\s+await this\.finally\(/u,
    by: `${KIT}/base-command.ts`,
    so: 'expects init, run, catch and finally in this order, each once: look at where signals are listened to and errors printed.',
  },
  {
    package: CORE,
    file: 'lib/command.js',
    member: 'Command.prototype.catch',
    by: `${RUNTIME}/plugins/oclif-commands.ts`,
    so: "replaces it in oclif's own commands, so that their errors are reported like ours: find what prints them now.",
  },
  {
    package: CORE,
    file: 'lib/command.js',
    every: /this\.config\.(\w+)/gu,
    known: [...CONFIG_ON_FAST_PATH, ...CONFIG_UNUSED],
    by: `${RUNTIME}/fast-path/config.ts`,
    so: 'has to give commands every part of the configuration that oclif itself looks at: add what is new there and here.',
  },
  {
    package: CORE,
    file: 'lib/errors/errors/exit.js',
    text: /code = 'EEXIT';[\s\S]*?\{ exit: exitCode \}/u,
    by: `${RUNTIME}/fast-path/exit-as-asked.ts, ${KIT}/base-command.ts`,
    so: 'tells the wish to end with a status by this code and `oclif.exit`: without it, each failure is reported twice.',
  },
  {
    package: CORE,
    file: 'lib/errors/errors/cli.js',
    text: /error\.oclif\.exit = options\?\.exit === undefined \? .*\?\? 2\) : options\.exit/u,
    by: `${KIT}/parse-failure.ts`,
    so: 'tells wrong usage by `oclif.exit` 2: else a wrong flag is reported as a fault of vastai.',
  },
  ...['CLIParseError', 'NonExistentFlagsError', 'RequiredArgsError', 'UnexpectedArgsError'].map((name) => ({
    package: CORE,
    file: 'lib/parser/errors.js',
    member: name,
    by: `${KIT}/parse-failure.ts`,
    so: 'knows the errors of the parser by the names of their classes: correct the name there.',
  })),
  ...[
    ['parser/errors', /class RequiredArgsError [\s\S]*?this\.args = args;/u],
    ['parser/errors', /class UnexpectedArgsError [\s\S]*?this\.args = args;/u],
    ['parser/errors', /class NonExistentFlagsError [\s\S]*?this\.flags = flags;/u],
    ['parser/errors', /this\.parse = options\.parse;/u],
    ['parser/errors', /'\\nSee more help with --help'/u],
    ['parser/errors', /`Expected --\$\{flag\.name\}=\$\{input\} to be one of: /u],
    ['parser/errors', /`The following \$\{errString\} occurred:/u],
    ['parser/parse', /`Parsing --\$\{flag\.name\} \\n\\t\$\{error\.message\}\\nSee more help with --help`/u],
    ['parser/validate', /`Missing required flag \$\{name\}`/u],
  ].map(([id, text]) => ({
    package: CORE,
    file: `lib/${id}.js`,
    text,
    by: `${KIT}/parse-failure.ts`,
    so: 'puts these fields and words of the parser into ours, without what was typed, which may be a key: correct it there.',
  })),
  ...[
    ['load', `${RUNTIME}/plugins/broken-commands.ts`],
    ['loadPluginsAndCommands', `${RUNTIME}/hooks/jit-plugin-not-installed.ts`],
    ['findCommand', `${RUNTIME}/argv-of.ts`],
    ['findTopic', `${RUNTIME}/argv-of.ts`],
    ['getPluginsList', `${RUNTIME}/plugins/guard.ts`],
    ['runCommand', `${RUNTIME}/hooks/plugins-postinstall.ts`],
    ['runHook', `${RUNTIME}/fast-path/config.ts`],
    ['scopedEnvVarKeys', `${RUNTIME}/fast-path/config.ts`],
  ].map(([method, by]) => ({
    package: CORE,
    file: 'lib/config/config.js',
    member: `Config.prototype.${method}`,
    by,
    so: 'calls it, replaces it, or stands in for it: look for what does the same now.',
  })),
  {
    package: CORE,
    file: 'lib/config/config.js',
    text: /for \(const error of errors\) \{\s+this\.warn\(error\);/u,
    by: `${RUNTIME}/plugins/load-config.ts`,
    so: 'replaces `warn` to hear of plugins that cannot be loaded: else oclif prints them in many lines.',
  },
  {
    package: CORE,
    file: 'lib/config/config.js',
    text: /userPlugins: this\.options\.userPlugins/u,
    by: `${RUNTIME}/plugins/broken-commands.ts`,
    so: 'switches installed plugins off with `options.userPlugins` where their list is damaged: find the new switch.',
  },
  {
    package: CORE,
    file: 'lib/config/config.js',
    text: /error\.oclif\?\.exit !== undefined &&\s+error\.oclif\?\.exit !== 0/u,
    by: `${RUNTIME}/plugins/stop-oclif.ts`,
    so: 'gives an error `oclif.exit`, so that oclif stops after a failed hook: else a plugin that was refused is installed.',
  },
  {
    package: CORE,
    file: 'lib/config/config.js',
    text: /runHook\('jit_plugin_not_installed'[\s\S]*?failures\[0\]\)\s+throw [\s\S]*?successes\[0\][\s\S]*?loadPluginsAndCommands\(\{ force: true \}\)/u,
    by: `${RUNTIME}/hooks/jit-plugin-not-installed.ts`,
    so: 'installs a missing plugin and expects oclif to read the plugins again, then to run the command.',
  },
  {
    package: CORE,
    file: 'lib/config/config.js',
    text: /this\.npmRegistry = this\.scopedEnvVar\('NPM_REGISTRY'\)/u,
    by: `${RUNTIME}/plugins/npm.ts`,
    so: 'takes the registry of VASTAI_NPM_REGISTRY from it: else plugins come from elsewhere than the person said.',
  },
  {
    package: CORE,
    file: 'lib/config/plugin-loader.js',
    text: /userPJSONPath[\s\S]*?catch \((\w+)\) \{\s+if \(\1\.code !== 'ENOENT'\)\s+process\.emitWarning\(\1\);/u,
    by: `${RUNTIME}/plugins/broken-commands.ts`,
    so: 'hears through emitWarning of a list of plugins that is damaged: else Node prints it, and nothing puts it right.',
  },
  {
    package: CORE,
    file: 'lib/config/plugin.js',
    text: /process\.emitWarning\(warning\.name, warning\)/u,
    by: `${RUNTIME}/plugins/broken-commands.ts`,
    so: 'hears through emitWarning of commands that cannot be loaded: else Node prints eight lines for each.',
  },
  ...[/`findCommand \(\$\{id\}\)`/u, /scope && `task: \$\{scope\}`/u, /`plugin: \$\{this\.name\}`/u].map(
    (text) => ({
      package: CORE,
      file: 'lib/config/plugin.js',
      text,
      by: `${RUNTIME}/plugins/broken-commands.ts`,
      so: 'reads the command and its plugin from these lines of an error, to name them: correct the patterns there.',
    }),
  ),
  ...['ignoreManifest', 'errorOnManifestCreate', 'respectNoCacheDefault'].map((option) => ({
    package: CORE,
    file: 'lib/config/plugin.js',
    text: new RegExp(`this\\.options\\.${option}\\b`, 'u'),
    by: 'scripts/bundle.mjs',
    so: 'makes the manifest with this option: without it, a manifest may be stale, broken, or hold values of the builder.',
  })),
  {
    package: CORE,
    file: 'lib/config/ts-path.js',
    text: /enableAutoTranspile === false\)/u,
    by: `${RUNTIME}/oclif-path.ts`,
    so: 'switches off the running of TypeScript sources with it: what runs has to be what was built.',
  },
  ...[
    ['formatter', /class HelpFormatter \{[\s\S]*? wrap\(body, spacing = /u],
    ['command', /class CommandHelp extends \w+\.HelpFormatter \{[\s\S]*?this\.opts\.maxWidth/u],
    ['command', /\bflags\(flags\) \{/u],
    ['index', /new this\.CommandHelpClass\(/u],
    ['index', /async showRootHelp\(\) \{[\s\S]*?this\.log\(this\.formatRoot\(\)\)/u],
    ['index', /get sortedTopics\(\)/u],
  ].map(([id, text]) => ({
    package: CORE,
    file: `lib/help/${id}.js`,
    text,
    by: `${RUNTIME}/help/help.ts`,
    so: 'overrides it for the first screen and for examples that can be pasted: find what oclif calls now.',
  })),
  {
    package: PLUGINS,
    file: 'lib/commands/plugins/install.js',
    text: /runHook\('plugins:preinstall', \{\s+plugin: p,\s+\}\);[\s\S]*?tag: p\.tag[\s\S]*?plugins\.install\(p\.url/u,
    by: `${RUNTIME}/hooks/plugins-preinstall.ts`,
    so: 'checks a plugin in this hook and changes what is installed through `plugin`: else it is installed unchecked.',
  },
  {
    package: PLUGINS,
    file: 'lib/commands/plugins/install.js',
    text: /plugins\.set\(pluginInstance\.name, pluginInstance\);\s+await this\.config\.runHook\('plugins:postinstall'/u,
    by: `${RUNTIME}/hooks/plugins-postinstall.ts`,
    so: 'finds in this hook the plugin that has just arrived among the others, and removes it if it is a wrong one.',
  },
  {
    package: PLUGINS,
    file: 'lib/commands/plugins/install.js',
    text: /\bjit: Flags\.boolean\(/u,
    by: `${RUNTIME}/hooks/jit-plugin-not-installed.ts`,
    so: 'installs with --jit, so that the version is the one of this CLI.',
  },
  {
    package: PLUGINS,
    file: 'lib/commands/plugins/reset.js',
    text: /\breinstall: Flags\.boolean\(/u,
    by: `${RUNTIME}/hooks/prerun.ts`,
    so: 'pins the official plugins before they are installed again with --reinstall.',
  },
  {
    package: PLUGINS,
    file: 'lib/plugins.js',
    text: /join\(this\.config\.dataDir, 'package\.json'\)/u,
    by: `${RUNTIME}/plugins/user-plugins.ts, ${RUNTIME}/fast-path/installed.ts`,
    so: 'reads there which plugins are installed: else the fast path does not know them.',
  },
  ...[
    /add\(\{ name, tag: range \?\? tag, type: 'user' \}\)/u,
    /add\(\{ name: c\.name, root: c\.root, type: 'link' \}\)/u,
  ].map((text) => ({
    package: PLUGINS,
    file: 'lib/plugins.js',
    text,
    by: `${RUNTIME}/plugins/user-plugins.ts, ${RUNTIME}/fast-path/installed.ts`,
    so: 'expects an installed plugin to be noted like this, with `type`, `tag` or `root`.',
  })),
  {
    package: PLUGINS,
    file: 'lib/plugins.js',
    text: /const \{ pluginPrefix, scope \} = this\.config\.pjson\.oclif;\s+if \(!scope\)/u,
    by: `${RUNTIME}/hooks/prerun.ts`,
    so: 'takes `scope` away, so that oclif does not try @vastai-cli/plugin-NAME, which anybody may have published.',
  },
  {
    package: PLUGINS,
    file: 'lib/npm.js',
    text: /\.resolve\('npm\/package\.json'\)/u,
    by: `${RUNTIME}/plugins/npm.ts`,
    so: 'runs the same npm as oclif does, the one beside this package.',
  },
  {
    package: PLUGINS,
    file: 'lib/spawn.js',
    text: /`\$\{modulePath\} \$\{args\.join\(' '\)\} exited with code \$\{code\}`/u,
    by: `${RUNTIME}/plugins/plugin-words.ts`,
    so: 'knows a failure of npm by these words, to say it in ours.',
  },
];
