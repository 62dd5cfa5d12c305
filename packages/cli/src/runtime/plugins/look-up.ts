import type { Config } from '@oclif/core/interfaces';
import type { PackageStatement } from './fit.js';
import { missing, npm } from './npm.js';

/**
 * Asks the registry that plugins come from about a package; nothing of it is fetched.
 *
 * @param spec a name with a version, a range or a tag: `vastai-machines@^1.0.0`
 * @returns what each version that it stands for says about itself
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
  // npm prints nothing for a range that no version is in.
  if (response === undefined) throw missing(spec);
  return [response].flat().map((one) => {
    const { 'dist.tarball': source, ...statement } = one as PackageStatement & { 'dist.tarball'?: string };
    return { ...statement, source };
  });
}
