import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inc } from 'semver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRepository, type RepositoryCopy } from '../support/repository-copy.js';

/** A workspace is installed. */
const PATIENCE_MS = 300_000;
const OFFLINE = { npm_config_offline: 'true' };

let copy: RepositoryCopy;
let before: string;
let raised: string;

const packages = () => readdir(join(copy.folder, 'packages'));
const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(copy.folder, 'packages', name, 'package.json'), 'utf8'));
const changelogOf = (name: string) => readFile(join(copy.folder, 'packages', name, 'CHANGELOG.md'), 'utf8');

beforeAll(async () => {
  copy = await copyRepository();
  before = (await manifestOf('cli')).version;
  await copy.addChangeset('@vastai-cli/kit', 'minor', 'Commands can sing.');
  await copy.addChangeset('vastai-cli', 'patch', '`doctor` is mended.');
  await copy.commit('Change something');
  await copy.node('scripts/version.mjs', [], OFFLINE);
  raised = (await manifestOf('cli')).version;
}, PATIENCE_MS);

afterAll(() => copy?.remove(), PATIENCE_MS);

describe('npm run release:version', { timeout: PATIENCE_MS }, () => {
  it('raises all packages to one version, by the greatest change', async () => {
    const versions = await Promise.all(
      (await packages()).map(async (name) => (await manifestOf(name)).version),
    );
    expect(new Set(versions)).toEqual(new Set([raised]));
    // Among the changesets of the checkout there may be a greater one.
    expect([inc(before, 'minor'), inc(before, 'major')]).toContain(raised);
    expect(versions.length).toBeGreaterThan(1);
  });

  it('writes the changelogs, each change where its readers are, and uses the changesets up', async () => {
    for (const name of await packages())
      expect(await changelogOf(name)).toMatch(new RegExp(`^# .+\\n\\n## ${raised}\\n`));
    const newest = async (name: string) => (await changelogOf(name)).split(`## ${before}\n`)[0];
    expect(await newest('kit')).toMatch(/### Minor Changes\n\n[^#]*- [0-9a-f]{7}: Commands can sing\.\n/);
    expect(await newest('cli')).toMatch(/### Patch Changes\n\n[^#]*- [0-9a-f]{7}: `doctor` is mended\.\n/);
    expect(await newest('cli')).not.toContain('can sing');
    expect((await readdir(join(copy.folder, '.changeset'))).sort()).toEqual(['README.md', 'config.json']);
  });

  it('takes the ranges along by which the CLI and its plugins find each other', async () => {
    const range = raised.startsWith('0.') ? `^${raised}` : `^${raised.split('.')[0]}.0.0`;
    const plugins = (await packages()).filter((name) => name.startsWith('plugin-'));
    const names = plugins.map((name) => `@vastai-cli/${name}`);
    expect((await manifestOf('cli')).oclif.jitPlugins).toEqual(
      Object.fromEntries(names.map((name) => [name, range])),
    );
    for (const name of plugins) expect((await manifestOf(name)).engines['vastai-cli']).toBe(range);
    const page = await readFile(join(copy.folder, 'docs', 'writing-a-plugin.md'), 'utf8');
    const said = [...page.matchAll(/"(?:vastai-cli|@vastai-cli\/\w+)": "(.+)"/g)].map(([, one]) => one);
    expect(new Set(said)).toEqual(new Set([range]));
  });

  it('leaves a workspace that its lockfile still fits', async () => {
    await copy.node('scripts/with-pnpm.mjs', ['pnpm', 'install', '--frozen-lockfile'], OFFLINE);
    const changed = await copy.run('git', ['status', '--porcelain']);
    expect(changed).not.toContain('pnpm-lock.yaml');
    expect(changed).toContain('packages/cli/CHANGELOG.md');
  });
});
