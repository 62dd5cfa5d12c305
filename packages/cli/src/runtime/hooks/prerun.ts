import type { Hook } from '@oclif/core/hooks';
import type { Config } from '@oclif/core/interfaces';
import { isGiven } from '@vastai-cli/kit/command/given-flag';
import { Output } from '@vastai-cli/kit/render/output';
import { openTerminal } from '@vastai-cli/kit/render/terminal';
import { becomeOwnerOf } from '../plugins/become-owner.js';
import { requireInstalled, requirePlugin } from '../plugins/named-plugin.js';
import { overruleNpmSettings } from '../plugins/npm-settings.js';
import { reportAsOurs } from '../plugins/oclif-commands.js';
import { changeAlone } from '../plugins/one-at-a-time.js';
import { stoppingOclif } from '../plugins/stop-oclif.js';
import { isInstalled, pinInstalled } from '../plugins/user-plugins.js';

/** Removes keys from the environment before npm starts, because no package needs them. */
function hideKeys(): void {
  delete process.env.VAST_API_KEY;
  delete process.env.VAST_API_KEY_FILE;
}

/** The commands that change dataDir. */
const CHANGING = ['plugins:install', 'plugins:link', 'plugins:reset', 'plugins:uninstall', 'plugins:update'];

export const PRERUN: Hook.Prerun = ({ Command, argv, config }) =>
  stoppingOclif(async () => {
    const { id = '' } = Command;
    reportAsOurs(Command);
    const [topic] = id.split(':', 1);
    if (topic === 'autocomplete') await becomeOwnerOf(config.cacheDir);
    if (topic !== 'plugins') return;
    await becomeOwnerOf(config.dataDir);
    hideKeys();
    if (id === 'plugins:inspect') await requireInstalled(argv, config);
    if (id === 'plugins:link') await requirePlugin(argv);
    if (CHANGING.includes(id)) {
      const output = new Output(openTerminal(isGiven('--no-color', argv)), 'human');
      await changeAlone(config, (text) => output.note(text));
    }
    // Another process may have installed it while this one waited. oclif would ignore an exit with 0 in a hook.
    if (id === 'plugins:install' && isGiven('--jit', argv) && (await areInstalled(config, argv)))
      process.exit(0);
    // A linked plugin is the user's own, so its dependencies are installed with the user's settings.
    if (id === 'plugins:link') return;
    overruleNpmSettings(process.env);
    // With a scope, oclif would try @vastai-cli/plugin-NAME for every NAME, which anybody could have published.
    if (['plugins:install', 'plugins:reset', 'plugins:inspect'].includes(id)) delete config.pjson.oclif.scope;
    if (id === 'plugins:update' || (id === 'plugins:reset' && isGiven('--reinstall', argv)))
      await pinInstalled(config);
  });

async function areInstalled(config: Config, argv: readonly string[]): Promise<boolean> {
  const names = argv.filter((word) => !word.startsWith('-'));
  const states = await Promise.all(names.map((name) => isInstalled(config, name)));
  return states.length > 0 && states.every(Boolean);
}
