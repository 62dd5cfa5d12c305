import type { Config } from '@oclif/core/interfaces';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { isGiven } from '@vastai-cli/kit/command/given-flag';
import { confirm } from '@vastai-cli/kit/input/prompts';
import { openTerminal } from '@vastai-cli/kit/render/terminal';
import valid from 'semver/functions/valid.js';
import { fits, type PackageStatement, unfitError } from './fit.js';

/** Matches the names that npm allows. Anything else could end up in a terminal or a path. */
const NAME = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/iu;

/**
 * Checks that a third-party package is a plugin that fits, and asks for confirmation.
 *
 * @param versions the versions that npm may choose from, oldest first
 * @param source its origin: the address of a registry or a repository, or a file
 * @throws UsageError if it must not be installed
 */
export async function admitThirdParty(
  config: Config,
  versions: readonly PackageStatement[],
  source: string,
): Promise<void> {
  const newest = versions.at(-1);
  if (newest === undefined) return;
  if (!NAME.test(newest.name) || valid(newest.version) === null)
    throw new UsageError('This package has no valid name or version. Nothing was installed.');
  const title = `${newest.name} ${newest.version}`;
  if (!isObject(newest.oclif)) {
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
      `${title} (${source}) is a third-party plugin, and its commands could use your keys. Nothing was installed.`,
      'If you trust it, add --yes.',
    );
  }
  await confirm(
    `${title} (${source}) is a third-party plugin, and its commands could use your keys. Install it?`,
    agreed,
    terminal,
  );
}
