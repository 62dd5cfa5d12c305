// Packs every package of the workspace as it is published: `node scripts/pack.mjs FOLDER`, after a build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

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
  const tarballs = readdirSync(folder).map((name) => join(folder, name));
  for (const tarball of tarballs) sortDependencies(tarball);
  return tarballs;
}

/** Sorts the dependencies in the package.json of a tarball: pnpm writes them in the order in which it came to know them. */
function sortDependencies(tarball) {
  const tar = gunzipSync(readFileSync(tarball));
  for (let at = 0; at < tar.length && tar[at] !== 0; ) {
    const name = tar.toString('utf8', at, at + 100).split('\0', 1)[0];
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    // Only the order changes, so it stays as long as it was.
    if (name === 'package/package.json')
      tar.write(sorted(tar.toString('utf8', at + 512, at + 512 + size)), at + 512);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  writeFileSync(tarball, gzipSync(tar, { level: 9 }));
}

function sorted(text) {
  const manifest = JSON.parse(text);
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])
    if (manifest[kind]) manifest[kind] = Object.fromEntries(Object.entries(manifest[kind]).sort());
  const json = JSON.stringify(manifest, null, 2);
  const written = text.endsWith('\n') ? `${json}\n` : json;
  if (Buffer.byteLength(written) !== Buffer.byteLength(text))
    throw new Error(`The package.json of ${manifest.name} is not written as JSON.stringify does.`);
  return written;
}

/** The name of a tarball: `vastai-cli-plugin-keys-1.0.0.tgz` for `@vastai-cli/plugin-keys`. */
export function packedName(name, version) {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const tarball of packAll(process.argv[2] ?? 'packed')) console.log(tarball);
}
