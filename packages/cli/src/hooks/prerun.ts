import type { Hook } from '@oclif/core/hooks';
import { isGiven } from '@vastai-cli/kit/given-flag';
import { becomeOwnerOf } from '../services/plugins/become-owner.js';
import { stoppingOclif } from '../services/plugins/stop-oclif.js';
import { pinInstalled } from '../services/plugins/user-plugins.js';

/** Before the commands that start npm: the environment without keys, which no package that is installed needs. */
function hideKeys(): void {
  delete process.env.VAST_API_KEY;
  delete process.env.VAST_API_KEY_FILE;
}

/**
 * Keeps npm from running anything that a package brings. A variable counts more than the settings of the user and of
 * the package, and the npm that prepares a package from a repository inherits it.
 */
function runNothing(): void {
  process.env.npm_config_ignore_scripts = 'true';
  // Settings in a repository could name another program.
  process.env.npm_config_git ??= 'git';
  // It would ask the registry for a newer npm.
  process.env.npm_config_update_notifier = 'false';
}

export const PRERUN: Hook.Prerun = ({ Command: { id = '' }, argv, config }) =>
  stoppingOclif(async () => {
    const [topic] = id.split(':', 1);
    if (topic === 'autocomplete') await becomeOwnerOf(config.cacheDir);
    if (topic !== 'plugins') return;
    await becomeOwnerOf(config.dataDir);
    hideKeys();
    // What is linked is the person's own, and its dependencies are installed as they would do it.
    if (id === 'plugins:link') return;
    runNothing();
    // With it oclif would try @vastai-cli/plugin-NAME for every NAME, which anybody may have published.
    if (id === 'plugins:install' || id === 'plugins:reset') delete config.pjson.oclif.scope;
    if (id === 'plugins:update' || (id === 'plugins:reset' && isGiven('--reinstall', argv)))
      await pinInstalled(config);
  });
