import type { Config } from '@oclif/core/config';
import { boolean } from '@oclif/core/flags';
import type { Hook } from '@oclif/core/hooks';

const description = 'Install a plugin that vastai did not make without asking.';
const yes = boolean({ description });

/** Gives oclif's `plugins install` the flag --yes, in its help and when it is parsed. */
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

/** Corrects the examples of oclif's commands that do not work as they are printed: a link leads to a folder. */
export function correctExamples(config: Config): void {
  const link = config.findCommand('plugins:link');
  if (link !== undefined) link.examples = ['<%= config.bin %> plugins link ./my-plugin'];
}

type Command = Parameters<Hook.Prerun>[0]['Command'];

/**
 * Hands the errors of oclif's own commands on to whoever started them, who reports them as those of ours. With `--json`
 * oclif would print the error object instead, its parser and the whole configuration included, and end with 1.
 */
export function reportAsOurs(command: Command): void {
  if ('no-color' in (command.baseFlags ?? {})) return;
  const { prototype } = command as unknown as { prototype: { catch(error: unknown): Promise<never> } };
  prototype.catch = async (error) => {
    throw error;
  };
}
