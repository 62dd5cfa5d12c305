import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from '@oclif/core/config';
import type { Hook } from '@oclif/core/hooks';
import { environmentWithoutKeys, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { type ErrorCode, UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { isGiven } from '@vastai-cli/kit/command/given-flag';
import { confirm } from '@vastai-cli/kit/input/prompts';
import { Output } from '@vastai-cli/kit/render/output';
import { openTerminal } from '@vastai-cli/kit/render/terminal';
import { shortName } from '../plugins/fit.js';
import { withPluginLock } from '../plugins/one-at-a-time.js';

/** Installs the missing plugin of a command if the user agrees, so that oclif can run the command. */
export const JIT_PLUGIN_NOT_INSTALLED: Hook.JitPluginNotInstalled = async ({
  config,
  argv,
  id,
  ...plugin
}) => {
  const { pluginName: name } = plugin;
  const command = `vastai ${id.replaceAll(':', ' ')}`;
  const install = `vastai plugins install ${shortName(name)}`;
  const agreed = isGiven('--yes', argv) || installsUnasked(readEnvironment(process.env).VASTAI_AUTO_INSTALL);
  const terminal = openTerminal(isGiven('--no-color', argv));
  if (!agreed && !terminal.canAsk) {
    throw new UsageError(
      `"${command}" comes with the plugin ${name}, which is not installed.`,
      `Install it: ${install}\nTo install plugins when they are needed, add --yes or set VASTAI_AUTO_INSTALL=1.`,
    );
  }
  await confirm(`"${command}" comes with the plugin ${name}. Install it now?`, agreed, terminal);
  // With --jit, it does nothing if another process has installed the plugin in the meantime.
  const status = await runAside(join(config.root, 'bin', 'run.js'), ['plugins', 'install', '--jit', name]);
  if (status !== 0) {
    const hint = `After you fix that, run: ${install}`;
    throw new VastaiError(codeOf(status), `The plugin ${name} could not be installed.`, { hint });
  }
  readPluginsAlone(config as Config, new Output(terminal, 'human'));
};

/** Makes oclif load the plugins, its next step, under the lock, so that no other process writes their list. */
function readPluginsAlone(config: Config, output: Output): void {
  const load = config.loadPluginsAndCommands.bind(config);
  const note = (text: string) => output.note(text);
  config.loadPluginsAndCommands = (options) => withPluginLock(config, note, () => load(options));
}

function codeOf(status: number): ErrorCode {
  const codes = ['usage', 'not_found', 'unreachable', 'storage', 'findings', 'interrupted'] as const;
  return codes.find((code) => EXIT_STATUS[code] === status) ?? 'internal';
}

const ON = ['1', 'true', 'yes', 'on'];
const OFF = ['0', 'false', 'no', 'off'];

/**
 * Returns true if a plugin may be installed without asking.
 *
 * @param value the value of VASTAI_AUTO_INSTALL
 * @throws UsageError if the value means neither yes nor no.
 */
function installsUnasked(value = '0'): boolean {
  const word = value.trim().toLowerCase();
  if ([...ON, ...OFF].includes(word)) return ON.includes(word);
  throw new UsageError(
    `VASTAI_AUTO_INSTALL must be one of ${[...ON, ...OFF].join(', ')}.`,
    'Set it to 1 to install a missing plugin when one of its commands is run.',
  );
}

/**
 * Runs `vastai …args` in a child process whose output goes to standard error: standard output belongs to the command
 * that the user ran.
 *
 * @returns its exit status; 1 if it was killed
 */
function runAside(bin: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      stdio: ['ignore', 2, 2],
      env: environmentWithoutKeys(),
    });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}
