import type { Config } from '@oclif/core/config';
import { boolean } from '@oclif/core/flags';
import type { Hook } from '@oclif/core/hooks';

const description = 'Install a third-party plugin without asking.';
const yes = boolean({ description });

/** Adds the flag --yes to oclif's `plugins install`, in its help and its parser. */
export function addYesToInstall(config: Config): void {
  const command = config.findCommand('plugins:install');
  if (command === undefined) return;
  command.flags = {
    ...command.flags,
    yes: { name: 'yes', type: 'boolean', allowNo: false, description },
  };
  const { load } = command;
  command.load = async () => {
    const loaded = await load();
    loaded.flags = { ...loaded.flags, yes };
    return loaded;
  };
}

type Command = Parameters<Hook.Prerun>[0]['Command'];

/**
 * Makes oclif's own commands rethrow their errors, so that they are reported like ours. With `--json`, oclif would print
 * the error object, including its parser and the whole configuration, and exit with 1.
 */
export function reportAsOurs(command: Command): void {
  if ('no-color' in (command.baseFlags ?? {})) return;
  const { prototype } = command as unknown as { prototype: { catch(error: unknown): Promise<never> } };
  prototype.catch = async (error) => {
    throw error;
  };
}
