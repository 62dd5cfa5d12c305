import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { Command } from '@oclif/core/command';
import { guardStreams, isUnopened } from '@vastai-cli/kit/render/lost-output';
import { printAtOnce } from '@vastai-cli/kit/render/print-at-once';
import { mayBeTerminal } from '@vastai-cli/kit/render/standard-streams';
import type { Result } from '@vastai-cli/kit/result';
import { noteInheritedDescriptors } from '../../child/inherited-descriptors.js';
import { takeDebugVariable } from '../debug-variable.js';
import type { Load } from './compile-cache.js';
import { fastPathConfig } from './config.js';
import { exitAsAsked } from './exit-as-asked.js';
import { findCommand } from './find-command.js';
import { hideTypedKey } from './hide-typed-key.js';
import { type Installation, readInstallation } from './installed.js';
import { NotOnFastPath } from './package.js';
import { type Page, rootHelp } from './root-help.js';

/**
 * Starts the CLI.
 *
 * oclif loads itself, the manifest of every plugin and its help before it reads the arguments. The fast path runs a
 * command from lists of commands with only what it needs; `--version` and the page of `--help` need even less. Everything
 * else takes the oclif path: other help, unknown commands, plugins with hooks, debugging, and errors before a command
 * runs.
 */
export async function main(load: Load): Promise<void> {
  const words = process.argv.slice(2);
  // Nothing is left to do then, and freeing memory that the system reclaims anyway takes milliseconds.
  process.once('beforeExit', () => process.exit());
  hideTypedKey(words, process.env);
  takeDebugVariable(process.env);
  if (words.includes('exec')) noteInheritedDescriptors();
  const oclifPath = () => load(join(__dirname, 'oclif-path.js')) as typeof import('../oclif-path.js');
  guardStreams();
  const report = (error: unknown, status?: number) => oclifPath().report(error, words, status);
  const finish = (ran: Result) => {
    if (ran.failure !== undefined) report(ran.failure, ran.exitStatus);
    process.exitCode = ran.exitStatus ?? 0;
  };
  const installation = readQuickly(process.env);
  const ran = await execPath(words, installation, load).catch(report);
  if (ran !== undefined) return finish(ran);
  const start = quickStart(words, installation, load);
  if (typeof start === 'string') {
    printAtOnce(start);
    // V8 would collect garbage before the process ends by itself.
    return isUnopened('stdout') ? process.exit() : undefined;
  }
  if (start === undefined) {
    // Opened after npm's libraries were loaded, modules of oclif were found through pnpm's links, and did not fit together.
    void process.stdout;
    return oclifPath().main(words);
  }
  try {
    const handedOver = await start.atOnce?.();
    if (handedOver !== undefined) finish(handedOver);
    else await start.run();
  } catch (error) {
    exitAsAsked(error);
    report(error);
  }
}

/** Returns what is installed; `undefined` when oclif has to read it. */
function readQuickly(env: NodeJS.ProcessEnv): Installation | undefined {
  if (env.VASTAI_DEBUG) return undefined;
  try {
    return readInstallation(join(__dirname, '..'), env);
  } catch {
    return undefined;
  }
}

/** Runs a program for `exec`, in the usual case. Returns `undefined` in every other, in which it has done nothing. */
async function execPath(
  words: readonly string[],
  installation: Installation | undefined,
  load: Load,
): Promise<Result | undefined> {
  const [name, ...others] = words;
  const isUsual = others[0] === '--' || (others[0] === '--broker' && others[1] === '--');
  if (name !== 'exec' || !isUsual || installation === undefined) return undefined;
  const { execAtOnce } = load(
    join(__dirname, 'exec-at-once.js'),
  ) as typeof import('../../commands/exec/at-once.js');
  return execAtOnce(others, installation.cli.root);
}

/** Exports what the build bundles: finding a second file takes as long as reading 16 kB. */
type OfficialFile = typeof import('../../commands/official/at-once.js') &
  typeof import('../../official/hand-over.js');

/** Runs a command. */
interface Start {
  readonly run: () => unknown;
  /** Does the same with less, or returns `undefined` if `run` has to. */
  readonly atOnce?: () => Promise<Result | undefined>;
}

/** Returns what is to be printed, or what does the work; `undefined` when oclif has to. Nothing has been changed by then. */
function quickStart(
  words: readonly string[],
  installation: Installation | undefined,
  load: Load,
): string | Start | undefined {
  try {
    const { env } = process;
    if (installation === undefined || mayBeWsl()) return undefined;
    const { name, version, oclif } = installation.cli.file;
    const userAgent = `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`;
    const isAlone = (flags: readonly string[] = []) => words.length === 1 && flags.includes(words[0] ?? '');
    if (isAlone(['--version']) || isAlone(oclif.additionalVersionFlags)) return `${userAgent}\n`;
    if (words.length === 0 || isAlone(['--help']) || isAlone(oclif.additionalHelpFlags)) {
      return rootHelp(installation, page(env));
    }
    return commandStart(words, installation, userAgent, load);
  } catch {
    return undefined;
  }
}

function commandStart(
  words: readonly string[],
  installation: Installation,
  userAgent: string,
  load: Load,
): Start {
  const file = join(installation.cli.root, 'dist', 'official-at-once.js');
  const loadOfficial = () => load(file) as OfficialFile;
  const {
    id,
    package: owner,
    argv,
    wholeConfig,
  } = findCommand(words, installation, process.env, () => loadOfficial().officialArgv);
  const { fastPath, commands } = owner.file.oclif;
  if (fastPath !== true || wholeConfig || commands?.strategy !== 'explicit') {
    throw new NotOnFastPath();
  }
  const prepare = () => {
    const file = join(owner.root, 'dist', `${id.replaceAll(':', '-')}.js`);
    const { default: command } = load(file) as { default?: Command.Class };
    if (command === undefined) throw new NotOnFastPath();
    command.id = id;
    return () => command.run([...argv], fastPathConfig(installation, userAgent));
  };
  if (id !== 'official' || argv[0] !== '--') return { run: prepare() };
  return { run: () => prepare()(), atOnce: () => loadOfficial().officialAtOnce(argv.slice(1), owner.root) };
}

/** Returns true if this may be the Windows Subsystem for Linux, which oclif calls `wsl` and detects with a library. */
function mayBeWsl(): boolean {
  if (process.platform !== 'linux') return false;
  const traces = ['/proc/sys/fs/binfmt_misc/WSLInterop', '/run/WSL'];
  return kernelRelease().toLowerCase().includes('microsoft') || traces.some((path) => existsSync(path));
}

/** Says what `os.release()` would, which is not worth loading a module for. */
function kernelRelease(): string {
  try {
    return readFileSync('/proc/sys/kernel/osrelease', 'latin1');
  } catch {
    return release();
  }
}

/**
 * Returns how oclif would format its help here.
 *
 * @throws NotOnFastPath if more than the terminal decides about colour.
 */
function page(env: NodeJS.ProcessEnv): Page {
  const deciding = ['FORCE_COLOR', 'NO_COLOR', 'CI', 'TEAMCITY_VERSION', 'OCLIF_COLUMNS'];
  if (deciding.some((name) => env[name] !== undefined)) throw new NotOnFastPath();
  if (!mayBeTerminal()) return { width: 80, bold: (text) => text };
  const { stdout, stderr } = process;
  const width = stdout.isTTY ? Math.max(stdout.columns, 40) : 80;
  if (!stdout.isTTY || !stderr.isTTY) return { width, bold: (text) => text };
  if (process.platform === 'win32' || !/^(?:xterm|screen|tmux)/u.test(env.TERM ?? ''))
    throw new NotOnFastPath();
  return { width, bold: (text) => `\u001b[1m${text}\u001b[22m` };
}
