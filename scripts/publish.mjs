// Publishes every version that npm does not have yet, then tags the commit. It publishes exactly the tarballs that were
// compared with the hashes in the CLI. The CLI is last, so that its plugins are always available.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll, root } from './pack.mjs';
import { integrityOf, wrongPins } from './pin-plugins.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vastai-release-'));
try {
  const tarballs = packAll(folder);
  const problems = wrongPins(folder);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const manifests = tarballs.map((tarball) => ({ tarball, ...manifestIn(tarball) }));
  for (const one of manifests.sort((a, b) => Number(a.isCli) - Number(b.isCli))) publish(one);
} finally {
  rmSync(folder, { recursive: true });
}
withPnpm(['changeset', 'tag'], 'inherit');

function manifestIn(tarball) {
  const { stdout } = spawnSync('tar', ['-xOzf', tarball, 'package/package.json'], { encoding: 'utf8' });
  const { name, version, oclif } = JSON.parse(stdout);
  return { name, version, isCli: oclif?.jitPlugins !== undefined };
}

function publish({ tarball, name, version }) {
  const there = publishedIntegrity(name, version);
  if (there === undefined) {
    console.log(`Publishing ${name}@${version}`);
    withPnpm(['pnpm', 'publish', tarball, '--no-git-checks', '--access=public'], 'inherit');
  } else console.log(`${name}@${version} is published`);
  const expected = integrityOf(tarball);
  const found = there ?? publishedIntegrity(name, version) ?? expected;
  if (found !== expected)
    throw new Error(`npm has another ${name}@${version}.\nExpected: ${expected}\nFound:    ${found}`);
}

/** Returns the hash in the registry, or `undefined` if it does not have the version. */
function publishedIntegrity(name, version) {
  const { stdout } = withPnpm(['pnpm', 'view', `${name}@${version}`, 'dist.integrity', '--json'], 'pipe');
  const answer = stdout.trim() === '' ? undefined : JSON.parse(stdout);
  if (answer?.error !== undefined && answer.error.code !== 'E404')
    throw new Error(`${name}@${version}: ${answer.error.summary}`);
  return typeof answer === 'string' ? answer : undefined;
}

function withPnpm(args, stdio) {
  const program = join(root, 'scripts', 'with-pnpm.mjs');
  const ran = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio, encoding: 'utf8' });
  if (stdio === 'inherit' && ran.status !== 0) throw new Error(`${args.join(' ')} failed.`);
  return ran;
}
