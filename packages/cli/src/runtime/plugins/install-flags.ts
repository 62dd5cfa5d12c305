import type { Config } from '@oclif/core/config';
import { boolean } from '@oclif/core/flags';

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
