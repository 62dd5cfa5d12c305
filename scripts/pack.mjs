// Packs every package of the workspace as it is published: `node scripts/pack.mjs FOLDER`, after a build. Without FOLDER
// that is `packed`, where the script is started.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Packs into an empty `folder`, byte for byte the same whenever the files are: pnpm gives all of them one date.
 *
 * @param path where tarballs of an earlier run may lie, and nothing else; they are removed
 * @param names the packages, by name or path; all of the workspace without
 * @returns the paths of the tarballs
 */
export function packAll(path, names = ['./packages/*']) {
  // pnpm packs each package in its own folder, and would take a relative path from there.
  const folder = resolve(path);
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.tgz')) : [];
  if (others.length > 0) throw new Error(`${folder} is not empty: it holds ${others[0]}.`);
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

// The checkout may be reached through a symbolic link.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const tarball of packAll(process.argv[2] ?? 'packed')) console.log(tarball);
}
