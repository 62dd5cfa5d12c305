import { join, sep } from 'node:path';
import type { Hook } from '@oclif/core/hooks';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { fits, unfitError } from '../plugins/fit.js';
import { isReserved, specOf } from '../plugins/official.js';
import { stoppingOclif } from '../plugins/stop-oclif.js';
import { readDataManifest, versionOnDisk } from '../plugins/user-plugins.js';

type Config = Parameters<Hook<'plugins:postinstall'>>[0]['config'];

/**
 * Removes a newly installed plugin that differs from the one that was checked: one that does not fit this version, or
 * that uses a reserved name. Fails if nothing was installed, so that oclif does not report success.
 */
export const PLUGINS_POSTINSTALL: Hook<'plugins:postinstall'> = ({ config }) =>
  stoppingOclif(async () => {
    const folder = join(config.dataDir, 'node_modules') + sep;
    // Only a new plugin has the type "core" there: the others were loaded at the start, as the user's.
    const arrived = config
      .getPluginsList()
      .filter(({ root, type }) => root.startsWith(folder) && type === 'core');
    if (arrived.length === 0) await failWithout(config, folder);
    const { dependencies = {} } = (await readDataManifest(config)) ?? {};
    for (const plugin of arrived) {
      const { name, version, pjson, root } = plugin;
      const installedAs = root.slice(folder.length).replaceAll(sep, '/');
      const statement = { name, version, engines: pjson.engines };
      const isTrue =
        name === installedAs && (!isReserved(config, name) || dependencies[name] === specOf(config, name));
      if (isTrue && fits(statement, config.version)) {
        plugin.type = 'user';
        continue;
      }
      await config.runCommand('plugins:uninstall', [installedAs]);
      if (isTrue) throw unfitError(statement, config.version);
      throw new VastaiError('findings', `${installedAs} is really named ${name}, so it was removed again.`);
    }
  });

async function failWithout(config: Config, folder: string): Promise<never> {
  const { oclif } = (await readDataManifest(config)) ?? {};
  const users = (oclif?.plugins ?? []).filter(({ type }) => type === 'user');
  const versions = await Promise.all(users.map(({ name }) => versionOnDisk(config, name)));
  // oclif has added it to the end of its list anyway.
  const missing = users.filter((_, index) => versions[index] === undefined).at(-1);
  if (missing !== undefined) await config.runCommand('plugins:uninstall', [missing.name]);
  throw new VastaiError('storage', `npm reported no error, but the plugin is not in ${folder}.`, {
    hint: 'An npm setting may install it elsewhere. See: npm config list',
  });
}
