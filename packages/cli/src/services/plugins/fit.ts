import { UsageError } from '@vastai-cli/core/errors';

/** What a package says about itself, as far as it is looked at here. */
export interface PackageStatement {
  readonly name: string;
  readonly version: string;
  readonly engines?: Readonly<Record<string, unknown>> | undefined;
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
export async function fits({ engines }: PackageStatement, cliVersion: string): Promise<boolean> {
  const range = engines?.['vastai-cli'];
  if (range === undefined) return true;
  if (typeof range !== 'string') return false;
  const { default: satisfies } = await import('semver/functions/satisfies.js');
  return satisfies(cliVersion, range, { includePrerelease: true });
}

/** What to say of a package that does not fit: both versions, and what to do. */
export async function unfitError(statement: PackageStatement, cliVersion: string): Promise<UsageError> {
  const { name, version } = statement;
  const range = String(statement.engines?.['vastai-cli']);
  return new UsageError(
    `The plugin ${name} ${version} works with vastai-cli ${range}, and this is ${cliVersion}.`,
    await wayOut(name, range, cliVersion),
  );
}

async function wayOut(name: string, range: string, cliVersion: string): Promise<string> {
  const remove = `vastai plugins uninstall ${name}`;
  const [{ default: validRange }, { default: outside }] = await Promise.all([
    import('semver/ranges/valid.js'),
    import('semver/ranges/outside.js'),
  ]);
  if (validRange(range) === null) return `That is no range of versions. Remove it: ${remove}`;
  if (outside(cliVersion, range, '>'))
    return `Update the plugins: vastai plugins update\nOr remove it: ${remove}`;
  const older = name.startsWith(OWN_SCOPE)
    ? `take the plugin that fits: vastai plugins install ${shortName(name)}`
    : `remove it: ${remove}`;
  return `Update vastai: npm install -g vastai-cli@latest\nOr ${older}`;
}
