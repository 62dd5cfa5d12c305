import { resolve } from 'node:path';
import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { statementIn, withTarball } from '../plugins/download.js';
import { OWN_SCOPE } from '../plugins/fit.js';
import { lookUp } from '../plugins/look-up.js';
import { admitVerified, isReserved, verifiedSpec } from '../plugins/official.js';
import { shownSource } from '../plugins/shown-source.js';
import { stoppingOclif } from '../plugins/stop-oclif.js';
import { admitThirdParty } from '../plugins/third-party.js';

type HookOptions = Parameters<Hook<'plugins:preinstall'>>[0];
type Config = HookOptions['config'];
type FromRegistry = Extract<HookOptions['plugin'], { type: 'npm' }>;
type FromElsewhere = Extract<HookOptions['plugin'], { type: 'repo' }>;

/** Checks a plugin before npm installs it, and makes oclif install the verified tarball of an official one. */
export const PLUGINS_PREINSTALL: Hook<'plugins:preinstall'> = ({ config, plugin }) =>
  stoppingOclif(async () => {
    const typed = plugin.type === 'npm' ? plugin.name : plugin.url;
    // npm would read it as one of its own settings.
    if (typed.startsWith('-')) throw new UsageError(`Unknown flag: ${typed.split('=', 1)[0]}.`);
    await (plugin.type === 'npm' ? admitFromRegistry(config, plugin) : admitFromElsewhere(config, plugin));
  });

async function admitFromRegistry(config: Config, plugin: FromRegistry): Promise<void> {
  const { name, tag } = plugin;
  if (isReserved(config, name)) {
    plugin.tag = await verifiedSpec(config, name, tag);
    // This only makes oclif show the short name.
    config.pjson.oclif.scope = OWN_SCOPE.slice(1, -1);
    return;
  }
  delete config.pjson.oclif.scope;
  if (/[:/]/u.test(tag))
    throw new UsageError(`"${tag}" is not a version.`, 'Install the package under its own name.');
  const versions = await lookUp(config, `${name}@${tag}`);
  const { source } = versions.at(-1) ?? {};
  await admitThirdParty(config, versions, source === undefined ? 'npm' : new URL(source).origin);
}

async function admitFromElsewhere(config: Config, plugin: FromElsewhere): Promise<void> {
  // npm runs in dataDir, but the path is relative to the current folder.
  plugin.url = plugin.url.replace(/^file:(\.{1,2}\/.*)$/u, (_, path: string) => `file:${resolve(path)}`);
  await withTarball(config, plugin.url, async (tarball) => {
    const statement = await statementIn(config, tarball);
    if (isReserved(config, statement.name)) plugin.url = await admitVerified(config, statement.name, tarball);
    else await admitThirdParty(config, [statement], shownSource(plugin.url));
  });
}
