// Builds the packages of the current folder. Types are not looked at: code with all its mutants in it has none.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const packages = readdirSync('packages').map((name) => join('packages', name));
const isBundle = (folder) => existsSync(join(folder, 'src', 'commands'));

for (const folder of packages.filter((one) => !isBundle(one))) {
  const source = join(folder, 'src');
  const files = readdirSync(source, { recursive: true }).filter((file) => /(?<!\.test)\.ts$/u.test(file));
  await build({
    entryPoints: files.map((file) => join(source, file)),
    outbase: source,
    outdir: join(folder, 'dist'),
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
  });
}

// The CLI comes last: its manifest names the commands of the plugins.
const bundles = packages.filter(isBundle).sort((one, other) => (one < other ? 1 : -1));
for (const folder of bundles) {
  const { status } = spawnSync(process.execPath, [resolve('scripts/bundle.mjs')], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
