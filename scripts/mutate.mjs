// Changes the code of a slice, a bit at a time, and sees whether a test fails: `npm run mutate -- SLICE [FILE…]`.
// Of the files, those that end in `.test.ts` are the tests to run, instead of all those of the slice.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyCheckout } from './mutate/copy-checkout.mjs';
import { reportText } from './mutate/report-text.mjs';
import { SLICES } from './mutate/slices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [slice, ...named] = process.argv.slice(2);
const isTest = (file) => file.endsWith('.test.ts');
const files = named.filter((file) => !isTest(file));
if (!Object.hasOwn(SLICES, slice ?? '')) {
  process.stderr.write(
    `Usage: npm run mutate -- SLICE [FILE…]\n\nSlices: ${Object.keys(SLICES).join(', ')}\n`,
  );
  process.exit(2);
}

const name = slice.replaceAll('/', '-');
const copy = join(root, '.mutate', `checkout-${name}`);
const report = join(root, '.mutate', `${name}.json`);
mkdirSync(join(root, '.mutate'), { recursive: true });
rmSync(report, { force: true });
copyCheckout(root, copy);

const stryker = fileURLToPath(
  new URL('bin/stryker.js', import.meta.resolve('@stryker-mutator/core/package.json')),
);
const command = [process.execPath, stryker, 'run', 'scripts/mutate/stryker.config.mjs'];
// A mutant may read without end, and would take the memory of the whole machine. In KiB, for each process.
const limited = ['sh', '-c', 'ulimit -d 4194304; exec "$0" "$@"', ...command];
const [program, ...args] = process.platform === 'win32' ? command : limited;
const { status } = spawnSync(program, args, {
  cwd: copy,
  env: {
    ...process.env,
    VASTAI_MUTATE_SLICE: slice,
    VASTAI_MUTATE_FILES: files.join(','),
    VASTAI_MUTATE_TESTS: named.filter(isTest).join(','),
    VASTAI_MUTATE_REPORT: report,
  },
  stdio: 'inherit',
});
rmSync(copy, { recursive: true, force: true });
if (existsSync(report)) {
  const text = reportText(JSON.parse(readFileSync(report, 'utf8')));
  writeFileSync(join(root, '.mutate', `${name}.txt`), text);
  process.stdout.write(text);
}
process.exit(status ?? 1);
