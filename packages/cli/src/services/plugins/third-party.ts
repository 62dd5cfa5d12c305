import type { Config } from '@oclif/core/interfaces';
import { UsageError } from '@vastai-cli/core/errors';
import { isGiven } from '@vastai-cli/kit/given-flag';
import { confirm } from '@vastai-cli/kit/prompts';
import { openTerminal } from '@vastai-cli/kit/terminal';
import { fits, type PackageStatement, unfitError } from './fit.js';

/**
 * Decides whether a package that others made is installed: it must be a plugin and fit, and the person must want it.
 *
 * @param versions the versions that npm may choose from, oldest first
 * @param source where it comes from: the address of a registry or a repository, or a file
 * @throws UsageError when it is not installed
 */
export async function admitThirdParty(
  config: Config,
  versions: readonly PackageStatement[],
  source: string,
): Promise<void> {
  const newest = versions.at(-1);
  if (newest === undefined) return;
  const title = `${newest.name} ${newest.version}`;
  if (!versions.some(({ oclif }) => typeof oclif === 'object' && oclif !== null)) {
    throw new UsageError(
      `${title} (${source}) is not a plugin: its package.json has no "oclif". Nothing was installed.`,
    );
  }
  if (!versions.some((version) => fits(version, config.version))) throw unfitError(newest, config.version);
  const argv = process.argv.slice(2);
  const agreed = isGiven('--yes', argv);
  const terminal = openTerminal(isGiven('--no-color', argv));
  if (!agreed && !terminal.canAsk) {
    throw new UsageError(
      `${title} (${source}) is not made by vastai, and its commands could use your keys. Nothing was installed.`,
      `If you trust it, install it with --yes: vastai plugins install ${newest.name} --yes`,
    );
  }
  await confirm(
    `${title} (${source}) is not made by vastai, and its commands could use your keys. Install it?`,
    agreed,
    terminal,
  );
}

/** Returns where a package comes from as it may be shown: the server of an address, and no password in it. */
export function shownSource(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
