import { UsageError } from '@vastai-cli/core/internal/base/errors';
import satisfies from 'semver/functions/satisfies.js';
import outside from 'semver/ranges/outside.js';
import validRange from 'semver/ranges/valid.js';

/** Holds the fields of a package.json that are read here. */
export interface PackageStatement {
  readonly name: string;
  readonly version: string;
  readonly engines?: Readonly<Record<string, unknown>> | undefined;
  /** Present if the package is a plugin. */
  readonly oclif?: unknown;
  /** The address of its tarball, in a registry. */
  readonly source?: string | undefined;
}

/** The scope of the packages that are released with the CLI. */
export const OWN_SCOPE = '@vastai-cli/';

/** Returns the name that a person types after `vastai plugins install`: `keys` for `@vastai-cli/plugin-keys`. */
export function shortName(name: string): string {
  return name.replace(/^@vastai-cli\/plugin-/u, '');
}

/**
 * Returns true if a package works with this version of the CLI. The package declares a range as
 * `"engines": { "vastai-cli": "^1.2.0" }`; without one, it fits any version.
 */
export function fits({ engines }: PackageStatement, cliVersion: string): boolean {
  const range = engines?.['vastai-cli'];
  if (range === undefined) return true;
  if (typeof range !== 'string') return false;
  return satisfies(cliVersion, range, { includePrerelease: true });
}

/** Returns the error for a package that does not fit: both versions, and what to do. */
export function unfitError(statement: PackageStatement, cliVersion: string): UsageError {
  const { name, version } = statement;
  const range = String(statement.engines?.['vastai-cli']);
  return new UsageError(
    `The plugin ${name} ${version} works with vastai-cli ${range}, but this is ${cliVersion}.`,
    adviceFor(name, range, cliVersion),
  );
}

function adviceFor(name: string, range: string, cliVersion: string): string {
  const remove = `vastai plugins uninstall ${name}`;
  if (validRange(range) === null) return `That is not a valid version range. Remove it: ${remove}`;
  if (outside(cliVersion, range, '>'))
    return `Update the plugins: vastai plugins update\nOr remove it: ${remove}`;
  const older = name.startsWith(OWN_SCOPE)
    ? `install the matching plugin: vastai plugins install ${shortName(name)}`
    : `remove it: ${remove}`;
  return `Update vastai: npm install -g vastai-cli@latest\nOr ${older}`;
}
