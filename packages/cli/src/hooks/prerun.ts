import type { Hook } from '@oclif/core/hooks';
import { isGiven } from '@vastai-cli/kit/given-flag';
import { requireInstalled, requirePlugin } from '../services/plugins/named-plugin.js';
import { reportAsOurs } from '../services/plugins/report-as-ours.js';
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
  // A registry that does not answer is not waited for as long as npm would: over a minute, without a word.
  process.env.npm_config_fetch_retries ??= '1';
  process.env.npm_config_fetch_retry_mintimeout ??= '500';
  process.env.npm_config_fetch_timeout ??= '20000';
  // Settings in a repository could name another program.
  process.env.npm_config_git ??= 'git';
  // It would ask the registry for a newer npm.
  process.env.npm_config_update_notifier = 'false';
}

export const PRERUN: Hook.Prerun = ({ Command, argv, config }) =>
  stoppingOclif(async () => {
    const { id = '' } = Command;
    reportAsOurs(Command);
    if (id.split(':', 1)[0] !== 'plugins') return;
    hideKeys();
    if (id === 'plugins:inspect') await requireInstalled(argv, config);
    if (id === 'plugins:link') await requirePlugin(argv);
    // What is linked is the person's own, and its dependencies are installed as they would do it.
    if (id === 'plugins:link') return;
    runNothing();
    // With it oclif would try @vastai-cli/plugin-NAME for every NAME, which anybody may have published.
    if (['plugins:install', 'plugins:reset', 'plugins:inspect'].includes(id)) delete config.pjson.oclif.scope;
    if (id === 'plugins:update' || (id === 'plugins:reset' && isGiven('--reinstall', argv)))
      await pinInstalled(config);
  });
