import { readFile, rm, writeFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import { createHome, type TestHome } from '@vastai-cli/testing/home';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { placePlugins } from '../support/user-plugins.js';
import { type Registry, startRegistry } from './support/registry.js';
import { DATA, expectNothingCame, stranger, using } from './support/untrusted.js';

/** Fetching the registry takes its time on a busy machine. */
const PATIENCE_MS = 300_000;

let home: TestHome;
let registry: Registry;
const folderOf = (name: string) => home.at(DATA, 'node_modules', name);

beforeAll(async () => {
  registry = await startRegistry();
  home = await createHome();
  const names = ['vastai-curious', 'vastai-library'];
  await placePlugins(
    home,
    names.map((name) => stranger(name, '1.2.3')),
  );
  const library = `${folderOf('vastai-library')}/package.json`;
  const { oclif: _, ...plain } = JSON.parse(await readFile(library, 'utf8'));
  await writeFile(library, JSON.stringify(plain));
  for (const name of names) await registry.publish(folderOf(name));
}, PATIENCE_MS);

afterAll(async () => {
  await Promise.all([registry?.close(), home?.remove()]);
}, PATIENCE_MS);

describe('a package that vastai did not make', { timeout: PATIENCE_MS }, () => {
  it.for([[], ['--yes']])(
    'is refused before it is fetched when it is not a plugin: %j',
    async (more, { harness }) => {
      const ran = await using(harness, registry.url)(['plugins', 'install', 'vastai-library', ...more]);
      expect(ran.status).toBe(2);
      expect(ran.stderr).toContain('vastai-library 1.2.3');
      expect(ran.stderr).toContain('is not a plugin');
      await expectNothingCame(harness);
      const file = await using(
        harness,
        registry.url,
      )(['plugins', 'install', `file:${folderOf('vastai-library')}`, ...more]);
      expect(file.status).toBe(2);
      await expectNothingCame(harness);
    },
  );

  it('is named with version and registry without a terminal, and is not installed', async ({ harness }) => {
    const vastai = using(harness, registry.url);
    const ran = await vastai(['plugins', 'install', 'vastai-curious'], { VASTAI_AUTO_INSTALL: '1' });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(`vastai-curious 1.2.3 (${new URL(registry.url).origin})`);
    expect(ran.stderr).toContain('If you trust it, add --yes.');
    await expectNothingCame(harness);
  });

  it('is installed with --yes, and none of its scripts runs', async ({ harness }) => {
    await harness.home.write('.npmrc', 'ignore-scripts=false\n');
    const vastai = using(harness, registry.url);
    expect((await vastai(['plugins', 'install', '--yes', 'vastai-curious'])).status).toBe(0);
    expect((await vastai(['show', 'machines'])).stdout).toBe('from vastai-curious\n');
    // It is loaded now. What is installed is there before that.
    await rm(harness.home.at('owned'));
    await harness.home.write(
      `${DATA}/node_modules/vastai-curious/oclif.manifest.json`,
      JSON.stringify({ version: '1.2.3', commands: {} }),
    );
    expect((await vastai(['plugins', 'update'])).status).toBe(0);
    expect(await harness.home.read('owned')).toBeUndefined();
  });

  it('does not get a flag of npm through', async ({ harness }) => {
    for (const word of ['--no-ignore-scripts', '--registry=http://127.0.0.1:1/', '--foreground-scripts'])
      expect(
        (await using(harness, registry.url)(['plugins', 'install', 'vastai-curious', '--yes', '--', word]))
          .status,
      ).not.toBe(0);
    expect(await harness.home.read(`${DATA}/.npmrc`)).toBeUndefined();
  });
});

describe.skipIf(!canOpenTerminal())(
  'a package that vastai did not make, on a terminal',
  { timeout: PATIENCE_MS },
  () => {
    it('is asked about once, and not installed after a no', async ({ harness }) => {
      const env = { VASTAI_NPM_REGISTRY: registry.url, VASTAI_AUTO_INSTALL: '1' };
      const terminal = harness.onTerminal(['plugins', 'install', 'vastai-curious'], { env });
      await terminal.see('Install it?');
      terminal.type('n\r');
      expect((await terminal.ended).status).toBe(2);
      await expectNothingCame(harness);
    });

    it('is asked about once, and installed after a yes', async ({ harness }) => {
      const env = { VASTAI_NPM_REGISTRY: registry.url };
      const terminal = harness.onTerminal(['plugins', 'install', 'vastai-curious'], { env });
      await terminal.see('Install it?');
      terminal.type('y\r');
      expect((await terminal.ended).status).toBe(0);
      expect((await harness.vastai(['plugins'])).stdout).toContain('vastai-curious 1.2.3');
    });
  },
);
