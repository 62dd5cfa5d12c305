import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import satisfies from 'semver/functions/satisfies.js';
import { type Tarball, withTarball } from './download.js';
import { OWN_SCOPE, shortName } from './fit.js';
import { cannotWrite } from './npm.js';

/** The folder in dataDir with the tarballs of official plugins; npm installs them from there. */
const FOLDER = 'verified';

/** Overrides npm settings that delay new packages: those guard against unreviewed ones, and the hash of these is known. */
const ANY_AGE = ['--before=null', '--min-release-age=null'];

/** Returns true if a name is reserved for vastai, even if nobody has published it yet. */
export function isReserved(config: Config, name: string): boolean {
  const { aliases = {} } = config.pjson.oclif;
  // Some file systems ignore case.
  const lower = name.toLowerCase();
  return lower.startsWith(OWN_SCOPE) || lower === config.name || Object.hasOwn(aliases, lower);
}

/**
 * Downloads an official plugin in the version of this CLI, and compares it with the hash from the build of the CLI.
 *
 * @param wanted the requested version, range or tag
 * @returns the npm spec to install, relative to dataDir: `file:verified/vastai-cli-plugin-keys-1.0.0.tgz`
 * @throws VastaiError `usage` for another plugin or version, `findings` if the hash differs
 */
export async function verifiedSpec(config: Config, name: string, wanted = 'latest'): Promise<string> {
  await pinned(config, name);
  if (wanted !== 'latest' && !satisfies(config.version, wanted, { includePrerelease: true })) {
    throw new UsageError(
      `vastai-cli ${config.version} installs only version ${config.version} of ${name} (requested: ${wanted}).`,
      `Install it: vastai plugins install ${shortName(name)}\nFor another version, install the vastai-cli of that version.`,
    );
  }
  const admit = (tarball: Tarball) => admitVerified(config, name, tarball);
  return withTarball(config, `${name}@${config.version}`, admit, ANY_AGE);
}

/**
 * Keeps a tarball that claims to be an official plugin, if its hash is right.
 *
 * @returns the npm spec to install
 * @throws VastaiError `findings` if the hash differs
 */
export async function admitVerified(config: Config, name: string, tarball: Tarball): Promise<string> {
  const expected = await pinned(config, name);
  if (tarball.integrity !== expected) {
    throw new VastaiError(
      'findings',
      `This is not the ${name} that was built with vastai-cli ${config.version}. Nothing was installed.`,
      {
        hint:
          `Expected: ${expected}\nFound:    ${tarball.integrity}\n` +
          "Check VASTAI_NPM_REGISTRY and your npm settings. If the package comes from npm's own registry, " +
          'please report it: https://github.com/vastai-cli/vastai-cli/security',
      },
    );
  }
  const folder = join(config.dataDir, FOLDER);
  await mkdir(folder, { recursive: true }).catch(cannotWrite(config));
  await rename(tarball.file, join(folder, fileName(config, name))).catch(cannotWrite(config));
  return specOf(config, name);
}

/** Returns the npm spec of a verified official plugin. Does not check that it exists. */
export function specOf(config: Config, name: string): string {
  return `file:${FOLDER}/${fileName(config, name)}`;
}

function fileName({ version }: Config, name: string): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

/** Returns the hash of an official plugin, which the build of the CLI added to its package. */
async function pinned(config: Config, name: string): Promise<string> {
  const text = await readFile(join(config.root, 'dist', 'plugin-integrity.json'), 'utf8');
  const hashes: Record<string, string> = JSON.parse(text);
  const hash = Object.hasOwn(hashes, name) ? hashes[name] : undefined;
  if (hash !== undefined) return hash;
  throw new UsageError(
    `${name} is not a plugin of vastai-cli ${config.version}, and no other package is installed under such a name.`,
    `Its plugins: ${Object.keys(hashes).map(shortName).join(', ')}\nIf you have it, remove it: vastai plugins uninstall ${name}`,
  );
}
