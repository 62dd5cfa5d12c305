// Packs every package of the workspace as published: `node scripts/pack.mjs [FOLDER]`, after a build. FOLDER defaults to
// `packed` in the current folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Packs into an empty `folder`. The same files give the same bytes, since pnpm sets all dates to the same value.
 *
 * @param path the folder, which may contain only tarballs of an earlier run; they are removed
 * @param names the packages, by name or path (default: all of the workspace)
 * @returns the paths of the tarballs
 */
export function packAll(path, names = ['./packages/*']) {
  // pnpm packs each package in its own folder, and would resolve a relative path there.
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
