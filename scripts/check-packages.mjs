// Checks every package as published: its files (listed in scripts/packed-files.txt), that it installs no test packages,
// that its entry points and types work, that its version ranges match this version, and that the CLI has the hashes of
// the plugins. `--write` updates the list of files.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPackagesReached } from './check-dependencies.mjs';
import { fittingRange } from './fitting-range.mjs';
import { packAll, root } from './pack.mjs';
import { wrongPins } from './pin-plugins.mjs';

const LIST = join(root, 'scripts', 'packed-files.txt');
const UNWANTED =
  /(^|\/)(src|test|tests|test-support|node_modules)\/|\.(map|tsbuildinfo|tgz)$|\.test\.|(?<!\.d)\.ts$/u;
const NEEDED = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];

const problems = [];
const lists = [];
const manifests = [];
const folder = mkdtempSync(join(tmpdir(), 'vastai-packed-'));
try {
  for (const tarball of packAll(folder)) checkPackage(tarball);
  problems.push(...wrongPins(folder));
} finally {
  rmSync(folder, { recursive: true });
}
checkRanges();
problems.push(...testPackagesReached(manifests));

const listing = `${lists.sort().join('\n\n')}\n`;
if (process.argv.includes('--write')) writeFileSync(LIST, listing);
else if (readFileSync(LIST, 'utf8') !== listing) {
  problems.push(
    `The packed files differ from ${LIST}. To accept them, run: node scripts/check-packages.mjs --write`,
  );
  problems.push(...differences(readFileSync(LIST, 'utf8'), listing));
}
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

function checkPackage(tarball) {
  const files = run('tar', ['-tzf', tarball]).trim().split('\n');
  const paths = files.map((file) => file.replace(/^package\//u, '')).sort();
  const manifest = JSON.parse(run('tar', ['-xOzf', tarball, 'package/package.json']));
  const { name } = manifest;
  manifests.push(manifest, ...lockedIn(tarball, paths));
  lists.push([name, ...collapsed(paths).map((path) => `  ${path}`)].join('\n'));
  for (const path of paths) if (UNWANTED.test(path)) problems.push(`${name} packs ${path}.`);
  for (const path of NEEDED) if (!paths.includes(path)) problems.push(`${name} packs no ${path}.`);
  const text = JSON.stringify(manifest);
  if (/"(workspace|catalog):/u.test(text)) problems.push(`${name} names a version that npm does not know.`);
  run(join(root, 'node_modules/.bin/publint'), ['--strict', tarball], name);
  const types = paths.filter((path) => path.endsWith('.d.ts'));
  // What oclif alone loads has none.
  if (types.length === 0) return;
  const entries = entryPoints(manifest, types);
  const profile = ['--profile', 'esm-only', '--format', 'ascii', '--entrypoints'];
  run(join(root, 'node_modules/.bin/attw'), [tarball, ...profile, ...entries], name);
}

/** Returns the dependencies in the shrinkwrap of a package as a manifest. */
function lockedIn(tarball, paths) {
  if (!paths.includes('npm-shrinkwrap.json')) return [];
  const { name, packages } = JSON.parse(run('tar', ['-xOzf', tarball, 'package/npm-shrinkwrap.json']));
  const installed = Object.keys(packages).filter((path) => path !== '');
  const dependencies = Object.fromEntries(
    installed.map((path) => [path.replace(/^.*node_modules\//u, ''), '*']),
  );
  return [{ name: `${name} (npm-shrinkwrap.json)`, dependencies }];
}

/** A module is one line, with its types. */
function collapsed(paths) {
  const known = new Set(paths);
  return paths
    .filter((path) => !(path.endsWith('.d.ts') && known.has(path.replace(/\.d\.ts$/u, '.js'))))
    .map((path) =>
      known.has(path.replace(/\.js$/u, '.d.ts')) ? path.replace(/\.js$/u, '.{js,d.ts}') : path,
    );
}

/** Checks that the plugins and the CLI of a release work together. */
function checkRanges() {
  const packages = readdirSync(join(root, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  );
  for (const { name, version, engines, oclif } of packages) {
    const range = fittingRange(version);
    const ranges = [engines['vastai-cli'], ...Object.values(oclif?.jitPlugins ?? {})].filter(Boolean);
    for (const one of ranges) {
      if (one !== range)
        problems.push(`${name} ${version} says ${one}, and should say ${range}: npm run release:version`);
    }
  }
}

function differences(before, after) {
  const lines = (text) => new Set(text.split('\n'));
  const gone = [...lines(before)].filter((line) => !lines(after).has(line)).map((line) => `- ${line}`);
  return [
    ...gone,
    ...[...lines(after)].filter((line) => !lines(before).has(line)).map((line) => `+ ${line}`),
  ];
}

function run(program, args, name) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) problems.push(`${name ?? program}: ${stdout}${stderr}`);
  return stdout;
}

/** Returns the import paths of a package according to its `exports`, one for each file with types. */
function entryPoints({ exports }, types) {
  const files = types.map((path) => path.slice('dist/'.length, -'.d.ts'.length));
  return Object.keys(exports).flatMap((entry) =>
    entry.includes('*') ? files.map((file) => entry.slice('./'.length).replace('*', file)) : [entry],
  );
}
