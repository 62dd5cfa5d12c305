import type { Config } from '@oclif/core/interfaces';
import type { PackageStatement } from './fit.js';
import { missing, npm } from './npm.js';

/**
 * Looks up a package in the registry for plugins, without downloading it.
 *
 * @param spec a name with a version, a range or a tag: `vastai-machines@^1.0.0`
 * @returns the statement of each matching version
 * @throws VastaiError `usage` for a package that does not exist, or `unreachable`
 */
export async function lookUp(config: Config, spec: string): Promise<PackageStatement[]> {
  const response = await npm(config, spec, [
    'view',
    spec,
    'name',
    'version',
    'engines',
    'oclif',
    'dist.tarball',
  ]);
  // npm prints nothing for a range without versions.
  if (response === undefined) throw missing(spec);
  return [response].flat().map((one) => {
    const { 'dist.tarball': source, ...statement } = one as PackageStatement & { 'dist.tarball'?: string };
    return { ...statement, source };
  });
}
