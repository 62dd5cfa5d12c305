// Types, lint and format, dead code, import directions, rules, documentation, packages: everything but the tests.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const CHECKS = {
  types: ['tsc', '-b'],
  'lint and format': ['biome', 'check', '--error-on-warnings'],
  'dead code': ['knip', '--no-progress'],
  'import directions': ['turbo', 'boundaries'],
  'rules of CONTRIBUTING.md': ['node', 'scripts/check-rules.mjs'],
  documentation: ['node', 'scripts/check-docs.mjs'],
  'dependencies of packages': ['node', 'scripts/check-dependencies.mjs'],
  'generated files': ['node', 'scripts/generate-docs.mjs', '--check'],
  'what scripts rely on': ['node', 'scripts/generate-contract.mjs', '--check'],
  'packages as published': ['node', 'scripts/check-packages.mjs'],
};

let failed = 0;
for (const [name, args] of Object.entries(CHECKS)) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'with-pnpm.mjs'), ...args],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: Number.POSITIVE_INFINITY,
    },
  );
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) {
    failed += 1;
    process.stdout.write(`${stdout}${stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
