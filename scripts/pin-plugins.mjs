// Packs the official plugins and notes the hash of each tarball in dist/plugin-integrity.json of the CLI, which installs
// nothing else under their names. Runs in the folder of the CLI, at the end of its build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packAll, packedName, root } from './pack.mjs';

const PINS = 'dist/plugin-integrity.json';

/** The hash of a tarball, as npm writes it: `sha512-…`. */
export function integrityOf(tarball) {
  return `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
}

/**
 * Compares the packed plugins with the hashes in the packed CLI.
 *
 * @param folder with the tarballs of the workspace
 * @returns a sentence for each that differs
 */
export function wrongPins(folder) {
  const { name, version, oclif } = JSON.parse(
    readFileSync(join(root, 'packages', 'cli', 'package.json'), 'utf8'),
  );
  const cli = join(folder, packedName(name, version));
  const { stdout } = spawnSync('tar', ['-xOzf', cli, `package/${PINS}`], { encoding: 'utf8' });
  const pins = JSON.parse(stdout || '{}');
  return Object.keys(oclif.jitPlugins)
    .filter((plugin) => pins[plugin] !== integrityOf(join(folder, packedName(plugin, version))))
    .map((plugin) => `${name} ${version} has the hash of another ${plugin}: build again.`);
}

function pinPlugins() {
  const { version, oclif } = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = Object.keys(oclif.jitPlugins);
  const folder = mkdtempSync(join(tmpdir(), 'vastai-plugins-'));
  try {
    packAll(folder, names);
    const pins = names.map((name) => [name, integrityOf(join(folder, packedName(name, version)))]);
    writeFileSync(PINS, `${JSON.stringify(Object.fromEntries(pins), null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) pinPlugins();
