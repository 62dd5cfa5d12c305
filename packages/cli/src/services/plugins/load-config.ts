import { Config } from '@oclif/core/config';
import { brokenCommands } from './broken-commands.js';
import { correctExamples } from './examples.js';
import { guardPlugins } from './guard.js';
import { addYesToInstall } from './install-flags.js';
import { leftOut } from './left-out.js';

/**
 * What oclif knows about the CLI and its plugins, with those plugins guarded that the user installed: none of
 * them can take the others down, or a command from vastai.
 *
 * @param root a folder inside the package of the CLI
 * @param argv what was typed, to tell only of what matters to it
 */
export async function loadConfig(
  root: string,
  argv: readonly string[],
  warn: (text: string) => void,
): Promise<Config> {
  const config = new Config({ root });
  const failures: Error[] = [];
  // oclif's own way of telling is a warning of Node's, in many lines.
  Object.assign(config, { warn: (error: Error) => failures.push(error) });
  const broken = await brokenCommands(() => config.load());
  if (failures.length > 0) for (const text of await leftOut(config, failures)) warn(text);
  for (const text of [...broken, ...(await guardPlugins(config, argv))]) warn(text);
  addYesToInstall(config);
  correctExamples(config);
  return config;
}
