// Packs every package of the workspace as it is published: `node scripts/pack.mjs FOLDER`, after a build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Packs into an empty `folder`; gives the paths of the tarballs. */
export function packAll(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pack = [
    'pnpm',
    '--recursive',
    '--filter',
    './packages/*',
    'exec',
    'pnpm',
    'pack',
    '--pack-destination',
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'with-pnpm.mjs'), ...pack, folder],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The packages could not be packed.\n${stdout}${stderr}`);
  return readdirSync(folder).map((name) => join(folder, name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const tarball of packAll(process.argv[2] ?? 'packed')) console.log(tarball);
}
