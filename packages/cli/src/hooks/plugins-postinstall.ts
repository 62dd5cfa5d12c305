import { join, sep } from 'node:path';
import type { Hook } from '@oclif/core/hooks';
import { EXIT_STATUS } from '@vastai-cli/kit/exit-status';
import { fits, unfitError } from '../services/plugins/fit.js';
import { runAside } from '../services/plugins/own-process.js';

/** A plugin that has just arrived from a file or a repository and does not fit is removed again. */
export const PLUGINS_POSTINSTALL: Hook<'plugins:postinstall'> = async ({ config }) => {
  const folder = join(config.dataDir, 'node_modules') + sep;
  // The new one is the only one there that was not loaded at the start, as a user's.
  const arrived = config
    .getPluginsList()
    .filter(({ root, type }) => root.startsWith(folder) && type === 'core');
  for (const { name, version, pjson } of arrived) {
    const statement = { name, version, engines: pjson.engines };
    if (fits(statement, config.version)) continue;
    await runAside(join(config.root, 'bin', 'run.js'), ['plugins', 'uninstall', name]);
    const error = unfitError(statement, config.version);
    throw Object.assign(error, { oclif: { exit: EXIT_STATUS.usage } });
  }
};
