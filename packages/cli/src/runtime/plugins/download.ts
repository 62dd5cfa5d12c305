import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import type { PackageStatement } from './fit.js';
import { cannotWrite, npm, npmFolder } from './npm.js';

/** The prefix of the folders in dataDir that hold a package while it is checked. */
export const DOWNLOADS = '.download-';

/** A downloaded package that was neither unpacked nor run. */
export interface Tarball {
  readonly file: string;
  /** The hash in npm's format: `sha512-…`. */
  readonly integrity: string;
}

/**
 * Downloads a package, passes its tarball to `use`, and then removes it unless `use` has moved it.
 *
 * @param spec any npm spec: a name with a version, a file, a folder, the address of a tarball or repository
 * @param settings npm settings, as arguments
 * @throws VastaiError `not_found`, `findings`, `storage` or `unreachable`
 */
export async function withTarball<Result>(
  config: Config,
  spec: string,
  use: (tarball: Tarball) => Promise<Result>,
  settings: readonly string[] = [],
): Promise<Result> {
  await mkdir(config.dataDir, { recursive: true }).catch(cannotWrite(config));
  const folder = await mkdtemp(join(config.dataDir, DOWNLOADS)).catch(cannotWrite(config));
  try {
    await npm(config, spec, ['pack', spec, `--pack-destination=${folder}`, ...settings]);
    const [name = ''] = await readdir(folder);
    const file = join(folder, name);
    return await use({ file, integrity: await integrityOf(file) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512').update(await readFile(file));
  return `sha512-${hash.digest('base64')}`;
}

/** Reads the package.json in a tarball with npm's own reader, so that both see the same file. */
export async function statementIn(config: Config, { file }: Tarball): Promise<PackageStatement> {
  const pacote = createRequire(join(npmFolder(config), 'package.json'))('pacote');
  return pacote.manifest(`file:${file}`, { fullMetadata: true });
}
