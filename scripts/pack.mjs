// Packs every package of the workspace as it is published: `node scripts/pack.mjs FOLDER`, after a build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Packs into an empty `folder`, byte for byte the same whenever the files are: pnpm gives all of them one date.
 *
 * @param names the packages, by name or path; all of the workspace without
 * @returns the paths of the tarballs
 */
export function packAll(folder, names = ['./packages/*']) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const filters = names.flatMap((name) => ['--filter', name]);
  const pack = ['pnpm', '--recursive', ...filters, 'exec', 'pnpm', 'pack', '--pack-destination', folder];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'with-pnpm.mjs'), ...pack],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The packages could not be packed.\n${stdout}${stderr}`);
  return readdirSync(folder).map((name) => join(folder, name));
}

/** The name of a tarball: `vastai-cli-plugin-keys-1.0.0.tgz` for `@vastai-cli/plugin-keys`. */
export function packedName(name, version) {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const tarball of packAll(process.argv[2] ?? 'packed')) console.log(tarball);
}
