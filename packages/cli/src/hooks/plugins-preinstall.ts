import type { Hook } from '@oclif/core/hooks';
import { isVastaiError } from '@vastai-cli/core/errors';
import { EXIT_STATUS } from '@vastai-cli/kit/exit-status';
import { fits, unfitError } from '../services/plugins/fit.js';
import { lookUp } from '../services/plugins/look-up.js';

/**
 * Before a plugin is fetched: whether the registry has it, and whether it fits. What comes from a file or a repository
 * is looked at once it is here.
 */
export const PLUGINS_PREINSTALL: Hook<'plugins:preinstall'> = async ({ config, plugin }) => {
  if (plugin.type !== 'npm') return;
  // The newest one may be made for a newer CLI.
  if (plugin.tag === 'latest') plugin.tag = config.pjson.oclif.jitPlugins?.[plugin.name] ?? plugin.tag;
  try {
    const versions = await lookUp(config, `${plugin.name}@${plugin.tag}`);
    const fitting = versions.map((version) => fits(version, config.version));
    const newest = versions.at(-1);
    if (newest !== undefined && !fitting.includes(true)) throw unfitError(newest, config.version);
  } catch (error) {
    // oclif stops for an error with an exit status only.
    if (isVastaiError(error)) Object.assign(error, { oclif: { exit: EXIT_STATUS[error.code] } });
    throw error;
  }
};
