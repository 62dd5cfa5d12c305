import { UsageError } from '@vastai-cli/core/internal/base/errors';
import satisfies from 'semver/functions/satisfies.js';
import outside from 'semver/ranges/outside.js';
import validRange from 'semver/ranges/valid.js';

/** What a package says about itself, as far as it is looked at here. */
export interface PackageStatement {
  readonly name: string;
  readonly version: string;
  readonly engines?: Readonly<Record<string, unknown>> | undefined;
  /** What makes a package a plugin. */
  readonly oclif?: unknown;
  /** The address of its tarball, in a registry. */
  readonly source?: string | undefined;
}

/** The scope of the packages that are made together with the CLI. */
export const OWN_SCOPE = '@vastai-cli/';

/** `keys` for `@vastai-cli/plugin-keys`: what a person types after `vastai plugins install`. */
export function shortName(name: string): string {
  return name.replace(/^@vastai-cli\/plugin-/u, '');
}

/**
 * Whether a package works with this version of the CLI. It says which ones it works with as
 * `"engines": { "vastai-cli": "^1.2.0" }`; one that says nothing is taken to fit.
 */
export function fits({ engines }: PackageStatement, cliVersion: string): boolean {
  const range = engines?.['vastai-cli'];
  if (range === undefined) return true;
  if (typeof range !== 'string') return false;
  return satisfies(cliVersion, range, { includePrerelease: true });
}

/** What to say of a package that does not fit: both versions, and what to do. */
export function unfitError(statement: PackageStatement, cliVersion: string): UsageError {
  const { name, version } = statement;
  const range = String(statement.engines?.['vastai-cli']);
  return new UsageError(
    `The plugin ${name} ${version} works with vastai-cli ${range}, and this is ${cliVersion}.`,
    wayOut(name, range, cliVersion),
  );
}

function wayOut(name: string, range: string, cliVersion: string): string {
  const remove = `vastai plugins uninstall ${name}`;
  if (validRange(range) === null) return `That is no range of versions. Remove it: ${remove}`;
  if (outside(cliVersion, range, '>'))
    return `Update the plugins: vastai plugins update\nOr remove it: ${remove}`;
  const older = name.startsWith(OWN_SCOPE)
    ? `take the plugin that fits: vastai plugins install ${shortName(name)}`
    : `remove it: ${remove}`;
  return `Update vastai: npm install -g vastai-cli@latest\nOr ${older}`;
}
