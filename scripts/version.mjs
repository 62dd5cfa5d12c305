// Bumps the versions according to the changesets, and updates the ranges by which the CLI and its plugins find each other.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fittingRange } from './fitting-range.mjs';
import { root } from './pack.mjs';

const withPnpm = (...args) => {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'with-pnpm.mjs'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
};

withPnpm('changeset', 'version');
let range = '';
for (const folder of readdirSync(join(root, 'packages'))) {
  const file = join(root, 'packages', folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  range = fittingRange(manifest.version);
  if (manifest.engines['vastai-cli']) manifest.engines['vastai-cli'] = range;
  for (const name of Object.keys(manifest.oclif?.jitPlugins ?? {})) manifest.oclif.jitPlugins[name] = range;
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

// The plugin on that page is made for this version.
const page = join(root, 'docs', 'writing-a-plugin.md');
const ours = /(?<="(?:vastai-cli|@vastai-cli\/[a-z-]+)": ")\^[\d.]+(?=")/gu;
writeFileSync(page, readFileSync(page, 'utf8').replaceAll(ours, range));
