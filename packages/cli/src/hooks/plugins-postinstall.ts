import { join, sep } from 'node:path';
import type { Hook } from '@oclif/core/hooks';
import { VastaiError } from '@vastai-cli/core/errors';
import { fits, unfitError } from '../services/plugins/fit.js';
import { isReserved, specOf } from '../services/plugins/official.js';
import { runAside } from '../services/plugins/own-process.js';
import { stoppingOclif } from '../services/plugins/stop-oclif.js';
import { readDataManifest } from '../services/plugins/user-plugins.js';

/** Removes a plugin that has just arrived if it is another one than was looked at: it does not fit, or takes a name of ours. */
export const PLUGINS_POSTINSTALL: Hook<'plugins:postinstall'> = ({ config }) =>
  stoppingOclif(async () => {
    const folder = join(config.dataDir, 'node_modules') + sep;
    // The new one is the only one there that was not loaded at the start, as a user's.
    const arrived = config
      .getPluginsList()
      .filter(({ root, type }) => root.startsWith(folder) && type === 'core');
    const { dependencies = {} } = (await readDataManifest(config)) ?? {};
    for (const { name, version, pjson, root } of arrived) {
      const installedAs = root.slice(folder.length).replaceAll(sep, '/');
      const statement = { name, version, engines: pjson.engines };
      const isTrue =
        name === installedAs && (!isReserved(config, name) || dependencies[name] === specOf(config, name));
      if (isTrue && fits(statement, config.version)) continue;
      await runAside(join(config.root, 'bin', 'run.js'), ['plugins', 'uninstall', installedAs]);
      if (isTrue) throw unfitError(statement, config.version);
      throw new VastaiError('findings', `${installedAs} calls itself ${name}, and was removed again.`);
    }
  });
