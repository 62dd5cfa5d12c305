import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PNPM_FOLDER, ROOT } from '../support/repository-copy.js';
import { describeCore } from './core.js';
import { describeFailures } from './failures.js';
import { itWith } from './support/installed.js';
import { createMachine, type Machine, npmInstall } from './support/machine.js';
import { type Registry, startRegistry } from './support/registry.js';
import { makeRelease, type Release } from './support/release.js';
import { run } from './support/run.js';
import { RUNTIMES } from './support/runtimes.js';
import { publishStrangers } from './support/strangers.js';
import { describeUse } from './use.js';

/** Fetching what all of npm's programs need, building and packing, takes its time on a busy machine. */
const PATIENCE_MS = 600_000;

let registry: Registry;
let release: Release;
let tagsBefore: string;

const tagsOf = async (folder: string) => (await run('git', ['tag', '--list'], { cwd: folder })).output;

beforeAll(async () => {
  tagsBefore = await tagsOf(ROOT);
  registry = await startRegistry();
  release = await makeRelease(registry);
  await publishStrangers(registry);
}, PATIENCE_MS);

afterAll(async () => {
  await registry?.close();
  await release?.copy.remove();
}, PATIENCE_MS);

describe('npm run release', { timeout: PATIENCE_MS }, () => {
  const packages = () => readdir(join(release.copy.folder, 'packages'));
  const publishedName = (name: string) => (name === 'cli' ? 'vastai-cli' : `@vastai-cli/${name}`);
  const manifestOf = async (name: string) =>
    JSON.parse((await run('tar', ['-xOzf', release.tarballOf(name), 'package/package.json'])).output);

  const withPnpm = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, ['scripts/with-pnpm.mjs', ...args], {
      cwd: release.copy.folder,
      env: { ...release.copy.env, ...release.env, ...more },
      mayFail: true,
    });

  it('publishes every package, with versions and entry points that npm knows', async () => {
    const { version } = release;
    for (const name of await packages()) {
      const manifest = await manifestOf(name);
      expect(manifest).toMatchObject({ name: publishedName(name), version });
      expect(JSON.stringify(manifest)).not.toMatch(/"(?:workspace|catalog):|\.\/test\//u);
      const { dependencies = {} } = manifest;
      for (const sibling of Object.keys(dependencies).filter((one) => one.startsWith('@vastai-cli/')))
        expect(dependencies[sibling]).toBe(version);
    }
  });

  it('tags the commit in the repository that it ran in, and no other', async () => {
    const wanted = (await packages()).map((name) => `${publishedName(name)}@${release.version}`);
    const tags = await tagsOf(release.copy.folder);
    expect(tags.trim().split('\n').sort()).toEqual(wanted.sort());
    for (const tag of wanted) expect(release.said).toContain(`New tag:  ${tag}\n`);
    expect(await tagsOf(ROOT)).toBe(tagsBefore);
  });

  it('publishes nothing a second time, and says so', async () => {
    const { status, output } = await withPnpm(['node', 'scripts/publish.mjs']);
    expect(status).toBe(0);
    expect(output).toContain(`vastai-cli@${release.version} is published`);
    expect(output).not.toMatch(/Publishing|New tag/u);
    expect((await withPnpm(['changeset', 'publish'])).output).toContain('No unpublished projects to publish');
  });

  it('publishes the plugins that the CLI has the hashes of', async () => {
    const { output } = await run('tar', [
      '-xOzf',
      release.tarballOf('cli'),
      'package/dist/plugin-integrity.json',
    ]);
    const plugins = (await packages()).filter((name) => name.startsWith('plugin-'));
    const hashes = plugins.map(async (name) => {
      const hash = createHash('sha512').update(await readFile(release.tarballOf(name)));
      return [publishedName(name), `sha512-${hash.digest('base64')}`];
    });
    expect(JSON.parse(output)).toEqual(Object.fromEntries(await Promise.all(hashes)));
  });

  it('publishes no CLI when the registry has another plugin of its version', async () => {
    const folder = join(release.copy.folder, 'packages', 'plugin-account');
    const before = await readFile(join(folder, 'README.md'), 'utf8');
    await writeFile(join(folder, 'README.md'), `${before}\nOne line more.\n`);
    const stale = await withPnpm(['node', 'scripts/publish.mjs']);
    expect(stale.status).toBe(1);
    expect(stale.output).toContain('has the hash of another @vastai-cli/plugin-account');
    expect((await withPnpm(['turbo', 'run', 'build'])).status).toBe(0);
    const taken = await withPnpm(['node', 'scripts/publish.mjs']);
    expect(taken.status).toBe(1);
    expect(taken.output).toContain(`npm has another @vastai-cli/plugin-account@${release.version}`);
    await writeFile(join(folder, 'README.md'), before);
  });

  it('takes more than a variable to publish what nobody vouches for', async () => {
    // Past that question, the registry refuses what it has.
    const again = ['pnpm', 'publish', 'packages/core', '--no-git-checks', '--force'];
    const own = { npm_config_npm_path: 'npm', NPM_CONFIG_PROVENANCE: 'false' };
    const refused = await withPnpm(again, own);
    expect(refused.status).toBe(1);
    expect(refused.output).toMatch(/EUSAGE\n.*provenance generation/iu);
    const asked = await withPnpm([...again, '--provenance=false'], own);
    expect(asked.output).toMatch(/E409|already present/u);
  });
});

describe.for(RUNTIMES)('the CLI on $name', { timeout: PATIENCE_MS }, (runtime) => {
  let machine: Machine;
  let said: string;

  beforeAll(async () => {
    machine = await createMachine(registry, runtime);
    said = await npmInstall(machine, 'vastai-cli');
  }, PATIENCE_MS);

  afterAll(() => machine?.remove(), PATIENCE_MS);

  const itHere = itWith(() => ({ registry, release, machine, said }));
  describeUse(itHere);
  describeFailures(itHere);
  describeCore(itHere);
});

describe('pnpm add -g', { timeout: PATIENCE_MS }, () => {
  it('installs it too', async () => {
    const machine = await createMachine(registry);
    onTestFinished(() => machine.remove());
    const pnpm = join(ROOT, PNPM_FOLDER, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
    const env = { ...machine.env, PNPM_HOME: join(machine.folder, 'bin') };
    await run(process.execPath, [pnpm, 'add', '-g', 'vastai-cli'], { env, cwd: machine.folder });
    const version = await run('vastai', ['version', '--verbose'], { env });
    expect(version.output).toContain('@github/keytar 7.10.6');
    const shown = await run('vastai', ['show', 'user', '--yes'], { env, mayFail: true });
    expect(shown.output).toContain('Installing plugin account');
    expect(shown.status).toBe(3);
  });
});
