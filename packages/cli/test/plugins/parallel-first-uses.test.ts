import { readdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type PluginRegistry, startPluginRegistry } from '../support/plugin-registry.js';

const DATA = '.local/share/vastai-cli';

let registry: PluginRegistry;
beforeAll(async () => {
  registry = await startPluginRegistry();
}, 120_000);
afterAll(() => registry?.close());

const settings = (more: Record<string, string> = {}) => ({
  env: { VASTAI_NPM_REGISTRY: registry.url, VASTAI_AUTO_INSTALL: '1', ...more },
});

/** Returns what is in the folder of plugins, except for npm's own files. */
async function leftIn({ home }: Harness): Promise<string[]> {
  const names = await readdir(home.at(DATA));
  const own = ['node_modules', 'package.json', 'package-lock.json', 'verified'];
  return names.filter((name) => !own.includes(name));
}

describe('first uses of plugins', { timeout: 300_000 }, () => {
  it.for([1, 2, 3])('all work when four come at once, round %i', async (_, { harness }) => {
    await harness.saveKey();
    const all = await Promise.all(
      [1, 2, 3, 4].map(() => harness.vastai(['show', 'user', '--json'], settings())),
    );
    for (const ran of all) {
      expect(ran.status, ran.stderr).toBe(0);
      expect(ran.json()).toMatchObject({ id: 123456 });
    }
    expect(all.filter(({ stderr }) => stderr.includes('Installing plugin'))).toHaveLength(1);
    expect(await leftIn(harness)).toEqual([]);
  });

  it('all work when different plugins are needed at once', async ({ harness }) => {
    await harness.saveKey();
    await harness.home.write('perms.json', '{"api":{"misc":{}}}');
    const commands = [
      ['show', 'user'],
      ['show', 'api-keys'],
      ['permissions', 'validate', 'perms.json'],
      ['show', 'user'],
      ['show', 'api-keys'],
    ];
    const all = await Promise.all(commands.map((words) => harness.vastai(words, settings())));
    for (const ran of all) {
      expect(ran.status, ran.stderr).toBe(0);
      expect(ran.stderr).not.toMatch(/SyntaxError|Warning|node:/u);
    }
    for (const words of commands) {
      const again = await harness.vastai(words);
      expect(again).toMatchObject({ status: 0, stderr: '' });
    }
    expect(await leftIn(harness)).toEqual([]);
  });

  it('work after others were killed at any moment', async ({ harness }) => {
    await harness.saveKey();
    for (let after = 300; after < 3300; after += 600) {
      const victim = harness.start(['plugins', 'install', 'account'], settings());
      await sleep(after);
      victim.kill('SIGKILL');
      await victim.ended;
      const ran = await harness.vastai(['show', 'user', '--json'], settings());
      expect(ran.status, ran.stderr).toBe(0);
      expect((await harness.vastai(['show', 'user'])).stderr).toBe('');
      expect((await harness.vastai(['plugins', 'uninstall', 'account'], settings())).status).toBe(0);
    }
  });

  it('work where a killed process left a list and a plugin that are cut off', async ({ harness }) => {
    await harness.saveKey();
    const { home, vastai } = harness;
    expect((await vastai(['show', 'api-keys'], settings())).status).toBe(0);
    const list = (await home.read(`${DATA}/package.json`)) ?? '';
    await home.write(`${DATA}/package.json.before`, list);
    await writeFile(home.at(DATA, 'package.json'), list.slice(0, 40));
    const plugin = `${DATA}/node_modules/@vastai-cli/plugin-account`;
    await home.write(`${plugin}/oclif.manifest.json`, '{"version":"0.1.0","comm');
    await home.write(`${DATA}/.download-x1/a.tgz`, '');
    const ran = await vastai(['show', 'user'], settings());
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stderr).not.toMatch(/SyntaxError|Warning/u);
    expect(await vastai(['show', 'api-keys'])).toMatchObject({ status: 0, stderr: '' });
    expect(await leftIn(harness)).toEqual([]);
  });
});

describe('a list of plugins that is not JSON', () => {
  it('is reported in a sentence', async ({ harness: { home, vastai } }) => {
    await home.write(`${DATA}/package.json`, '{"oclif":');
    const ran = await vastai(['profile', 'list']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(
      /^Warning: Installed plugins are not available\. The list of plugins is damaged: .*\n$/u,
    );
  });
});

describe('what was said to be installed is installed', { timeout: 300_000 }, () => {
  const NAMES = [
    'location=global',
    'global=true',
    'prefix=elsewhere',
    'dry-run=true',
    'package-lock-only=true',
    'save=false',
    'save-dev=true',
    'install-strategy=linked',
    'workspaces=true',
    'before=2001-01-01',
    'usage=true',
    'omit=optional',
    'only=dev',
    'allow-file=none',
  ];

  it.for(NAMES)(
    'although npm is set to %s by the user, and in the folder of plugins',
    async (line, { harness }) => {
      const { home, vastai } = harness;
      await home.write('.npmrc', `${line}\n`);
      await home.write(`${DATA}/.npmrc`, `${line}\n`);
      const ran = await vastai(['plugins', 'install', 'account'], settings());
      expect(ran.status, ran.stderr).toBe(0);
      expect(ran.stderr).not.toContain('v0.0.0');
      expect((await vastai(['show', 'user'])).status).toBe(3);
    },
  );

  it('although variables set npm to all of that', async ({ harness: { vastai } }) => {
    const variables = NAMES.map((line) => {
      const [name = '', value = ''] = line.split('=');
      return [`NPM_CONFIG_${name.toUpperCase().replaceAll('-', '_')}`, value];
    });
    const ran = await vastai(['plugins', 'install', 'account'], settings(Object.fromEntries(variables)));
    expect(ran.status, ran.stderr).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(3);
  });
});

describe('VASTAI_AUTO_INSTALL', () => {
  const NO_REGISTRY = 'http://127.0.0.1:1/';

  it.for(['1', 'true', 'TRUE', 'yes', 'on', ' On '])(
    'installs with %j',
    async (value, { harness: { vastai } }) => {
      const env = { VASTAI_AUTO_INSTALL: value, VASTAI_NPM_REGISTRY: NO_REGISTRY };
      expect((await vastai(['show', 'user'], { env })).status).toBe(8);
    },
  );

  it.for(['0', 'false', 'No', 'off', ''])(
    'installs nothing with %j',
    async (value, { harness: { vastai } }) => {
      const ran = await vastai(['show', 'user'], { env: { VASTAI_AUTO_INSTALL: value } });
      expect(ran.status).toBe(2);
      expect(ran.stderr).toContain('vastai plugins install account');
    },
  );

  it.for(['2', 'ja', 'enabled'])('is refused with %j', async (value, { harness: { vastai } }) => {
    const ran = await vastai(['show', 'user', '--json'], { env: { VASTAI_AUTO_INSTALL: value } });
    expect(ran.status).toBe(2);
    expect(ran.json().error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('VASTAI_AUTO_INSTALL'),
    });
  });
});
