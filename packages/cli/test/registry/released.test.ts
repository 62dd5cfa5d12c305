import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHome } from '@vastai-cli/kit/testing/home';
import type { Stage } from '@vastai-cli/kit/testing/stage';
import { recordKey } from '@vastai-cli/kit/testing/transcript';
import { afterAll, beforeAll, describe, expect, onTestFinished, it as plainIt } from 'vitest';
import { placePlugins, type UserPlugin } from '../support/user-plugins.js';
import { writeExamplePlugin } from './support/example-plugin.js';
import { createMachine, type Machine, npmInstall } from './support/machine.js';
import { fetchNewerNode, hasNewerNode } from './support/newer-node.js';
import { CACHE, type Registry, ROOT, startRegistry } from './support/registry.js';
import { run } from './support/run.js';

/** Fetching what all of npm's programs need, and packing, takes its time on a busy machine. */
const PATIENCE_MS = 600_000;

let registry: Registry;
let machine: Machine;
let packed: string;
let said: string;

beforeAll(async () => {
  registry = await startRegistry();
  machine = await createMachine(registry);
  packed = join(machine.folder, 'packed');
  const { output } = await run(process.execPath, [join(ROOT, 'scripts', 'pack.mjs'), packed]);
  for (const tarball of output.trim().split('\n')) await registry.publish(tarball);
  said = await npmInstall(machine, 'vastai-cli');
}, PATIENCE_MS);

afterAll(async () => {
  await registry?.close();
  await machine?.remove();
}, PATIENCE_MS);

const it = plainIt.extend<{ stage: Stage }>({
  stage: async ({ onTestFinished }, use) => {
    const stage = await machine.open();
    onTestFinished(() => stage.close());
    await use(stage);
  },
});

/** Publishes a plugin that somebody else made. */
async function publishPlugin(plugin: UserPlugin): Promise<string> {
  const home = await createHome();
  onTestFinished(() => home.remove());
  await placePlugins(home, [plugin]);
  const folder = home.at('.local/share/vastai/node_modules', plugin.name);
  await registry.publish(folder);
  return folder;
}

/** Packs a folder; gives the path. */
async function tarballOf(folder: string): Promise<string> {
  const { output } = await run('npm', ['pack', '--silent'], { cwd: folder, env: machine.env });
  return join(folder, output.trim());
}

describe('the CLI from a registry', { timeout: PATIENCE_MS }, () => {
  it('is installed with no more noise than the README explains', () => {
    const warnings = said.match(/^npm warn .*/gmu) ?? [];
    expect(warnings.filter((line) => !line.includes('install-scripts'))).toEqual([]);
    expect(said).not.toMatch(/deprecated|ERESOLVE|vulnerab/u);
  });

  it('brings no package of ours but itself', async ({ stage }) => {
    const details = (await stage.vastai(['--version', '--verbose', '--json'])).json();
    expect(details.plugins.filter((line: string) => !line.startsWith('@oclif/'))).toEqual([]);
    expect(await stage.vastai(['--version', '--verbose'])).toEqual(
      await stage.vastai(['version', '--verbose']).then((ran) => ({ ...ran, json: expect.any(Function) })),
    );
  });

  it('goes through the documentation page, its plugins arriving as they are needed', async ({ stage }) => {
    const { sandbox, home } = stage;
    const vastai: Stage['vastai'] = (args, more = {}) =>
      stage.vastai(args, { ...more, env: { VASTAI_AUTO_INSTALL: '1', ...more.env } });
    expect((await vastai(['set', 'api-key', sandbox.key])).status).toBe(0);
    const user = await vastai(['show', 'user']);
    expect(user.json()).toMatchObject({ id: 123456 });
    expect(user.stderr).toContain('Installing plugin account');
    expect((await vastai(['show', 'user'])).stderr).toBe('');
    await home.write('perms.json', JSON.stringify({ api: { misc: {}, user_read: {} } }));
    for (const more of [[], ['--permission_file', 'perms.json']]) {
      const made = await vastai(['create', 'api-key', '--name', 'ci', ...more], { printsKey: true });
      expect(made.status).toBe(0);
      expect(made.stdout).toMatch(/^[0-9a-f]{64}\n$/);
      await recordKey(made.stdout.trim());
    }
    expect((await vastai(['show', 'api-keys'])).stdout.match(/^\d+ +ci /gm)).toHaveLength(2);
    expect((await vastai(['show', 'api-key', '42'])).json()).toMatchObject({ id: 42, name: 'ci' });
    expect((await vastai(['delete', 'api-key', '42', '--yes'])).status).toBe(0);
    expect((await vastai(['show', 'api-key', '42'])).status).toBe(6);
  });

  it.for(['keys', 'account', 'permissions'])(
    'installs, shows, updates and removes %s',
    async (short, { stage }) => {
      const { vastai } = stage;
      const name = `@vastai-cli/plugin-${short}`;
      expect((await vastai(['plugins', 'install', short])).status).toBe(0);
      const [inspected] = (await vastai(['plugins', 'inspect', short, '--json'])).json();
      expect(inspected).toMatchObject({ name, type: 'user' });
      expect((await vastai(['plugins', 'update'])).status).toBe(0);
      expect((await vastai(['plugins'])).stdout).toMatch(new RegExp(`^${short} ${inspected.version}`, 'm'));
      expect((await vastai(['plugins', 'uninstall', short])).status).toBe(0);
      expect((await vastai(['plugins'])).stdout).toContain('No plugins installed.');
    },
  );

  it('installs a plugin with --yes, the result alone on standard output', async ({ stage }) => {
    await stage.saveKey();
    const ran = await stage.vastai(['show', 'user', '--yes', '--json']);
    expect(ran.json()).toMatchObject({ id: 123456 });
    expect((await stage.vastai(['show', 'user', '--yes', '--json'])).stdout).toBe(ran.stdout);
  });

  it('takes a plugin from a version, a file and a folder', async ({ stage: { vastai } }) => {
    const installed = async (...how: string[]) => {
      expect((await vastai(['plugins', ...how])).status).toBe(0);
      // It is there, and has no key.
      expect((await vastai(['show', 'user'])).status).toBe(3);
      expect((await vastai(['plugins', 'uninstall', 'account'])).status).toBe(0);
    };
    const tarball = (await readdir(packed)).find((name) => name.includes('plugin-account')) ?? '';
    await installed('install', `account@${/\d+\.\d+\.\d+/u.exec(tarball)?.[0]}`);
    await installed('install', `file:${join(packed, tarball)}`);
    await installed('link', '--no-install', join(ROOT, 'packages', 'plugin-account'));
  });
});

describe('what goes wrong with a registry', { timeout: PATIENCE_MS }, () => {
  it('is said when it is down, and changes nothing', async ({ stage: { vastai, home } }) => {
    const env = { npm_config_userconfig: await home.write('npmrc', 'registry=http://127.0.0.1:1/') };
    const ran = await vastai(['plugins', 'install', 'keys'], { env });
    expect(ran.status).toBe(8);
    expect(ran.stderr).toMatch(/^Error: The npm registry could not be asked .*ECONNREFUSED/);
    const chosen = { ...env, VASTAI_NPM_REGISTRY: registry.url };
    expect((await vastai(['plugins', 'install', 'keys'], { env: chosen })).status).toBe(0);
  });

  it('is said of a plugin that does not exist', async ({ stage: { vastai } }) => {
    for (const name of ['vastai-nowhere', 'keys@77.0.0']) {
      const ran = await vastai(['plugins', 'install', name]);
      expect(ran.status).toBe(6);
      expect(ran.stderr).toContain('in the npm registry');
    }
  });

  it('is said of a tarball that is not what was published, and it is not installed', async ({ stage }) => {
    const { vastai } = stage;
    const spoilt = { name: 'vastai-spoilt', commands: ['show:spoilt'] };
    const folder = await publishPlugin(spoilt);
    await writeFile(join(folder, 'index.js'), 'exports.COMMANDS = {};');
    await copyFile(
      await tarballOf(folder),
      join(registry.storage, 'vastai-spoilt', 'vastai-spoilt-1.0.0.tgz'),
    );
    // npm asks again, and waits a minute before it does.
    const env = { npm_config_fetch_retries: '0' };
    const ran = await vastai(['plugins', 'install', 'vastai-spoilt'], { env });
    expect(ran.status).toBe(1);
    expect(ran.stdout + ran.stderr).toContain('EINTEGRITY');
    expect(ran.stderr).toContain('Error: npm could not do this');
    expect((await vastai(['plugins'])).stdout).toContain('No plugins installed.');
    expect((await vastai(['profile', 'list'])).status).toBe(0);
  });

  it('leaves a plugin of another major version out, from a registry and from a file', async ({ stage }) => {
    const { vastai } = stage;
    const name = '@vastai-cli/plugin-account';
    const next = { name, version: '99.0.0', range: '^99.0.0', commands: ['show:user'] };
    const folder = await publishPlugin(next);
    // The newest one that fits is meant, and not the newest.
    expect((await vastai(['plugins', 'install', 'account'])).status).toBe(0);
    const installed = async () => (await vastai(['plugins'])).stdout.split(' (', 1)[0];
    const before = await installed();
    const ran = await vastai(['plugins', 'install', 'account@99.0.0']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/plugin-account 99\.0\.0 works with vastai-cli \^99\.0\.0, and this is \d/);
    expect((await vastai(['plugins', 'update'])).status).toBe(0);
    expect(await installed()).toBe(before);
    expect((await vastai(['show', 'user'])).status).toBe(3);

    const fromFile = await vastai(['plugins', 'install', `file:${await tarballOf(folder)}`]);
    expect(fromFile.status).toBe(2);
    expect(fromFile.stderr).toContain('works with vastai-cli ^99.0.0');
    expect((await vastai(['plugins'])).stdout).toContain('No plugins installed.');
  });

  it('is mended by an update, where the plugins are from before an update of the CLI', async ({ stage }) => {
    const { vastai, home } = stage;
    const name = '@vastai-cli/plugin-account';
    await placePlugins(home, [{ name, version: '0.0.1', range: '0.0.1', commands: ['show:user'] }]);
    const old = await vastai(['show', 'user']);
    expect(old.status).toBe(2);
    expect(old.stderr).toContain('vastai plugins update');
    expect((await vastai(['plugins', 'update'])).status).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(3);
  });

  it('is no way to get a key: what npm starts does not have it', async ({
    stage: { vastai, home, unknownKey },
  }) => {
    const name = 'vastai-curious';
    await publishPlugin({ name, commands: [], postinstall: 'env > environment' });
    const env = { VAST_API_KEY: await unknownKey(), VAST_API_KEY_FILE: '/run/key' };
    expect((await vastai(['plugins', 'install', name], { env })).status).toBe(0);
    const seen = await home.read(`.local/share/vastai/node_modules/${name}/environment`);
    expect(seen).toContain('npm_lifecycle_event=postinstall');
    expect(seen).not.toContain('VAST_API_KEY');
  });

  it('stays with the plugin that brings it', async ({ stage: { vastai } }) => {
    await publishPlugin({ name: 'vastai-thief', commands: ['show:user', 'show:loot'] });
    await publishPlugin({
      name: 'vastai-broken',
      commands: ['show:broken'],
      code: "throw new Error('no luck');",
    });
    expect((await vastai(['plugins', 'install', 'vastai-thief', 'vastai-broken', 'account'])).status).toBe(0);
    expect(await vastai(['show', 'loot'])).toMatchObject({
      status: 0,
      stdout: 'from vastai-thief\n',
      stderr: '',
    });
    const user = await vastai(['show', 'user']);
    expect(user.status).toBe(3);
    expect(user.stderr).toContain('Both @vastai-cli/plugin-account and vastai-thief bring "show user"');
    const broken = await vastai(['show', 'broken']);
    expect(broken.stderr).toMatch(/^Error: The plugin vastai-broken 1\.0\.0 cannot be loaded: no luck\n/);
    expect((await vastai(['plugins', 'uninstall', 'vastai-broken', 'vastai-thief'])).status).toBe(0);
  });
});

describe('other ways to install it', { timeout: PATIENCE_MS }, () => {
  it('is `pnpm add -g`', async () => {
    const other = await createMachine(registry);
    onTestFinished(() => other.remove());
    // Fetches pnpm, if that was not done.
    await run(process.execPath, [join(ROOT, 'scripts', 'with-pnpm.mjs'), 'pnpm', '--version']);
    const pnpm = join(CACHE, 'pnpm-10.34.9', 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
    const env = { ...other.env, PNPM_HOME: join(other.folder, 'bin') };
    await run(process.execPath, [pnpm, 'add', '-g', 'vastai-cli'], { env, cwd: other.folder });
    const version = await run('vastai', ['version', '--verbose'], { env });
    expect(version.output).toContain('@github/keytar 7.10.6');
    const shown = await run('vastai', ['show', 'user', '--yes'], { env, mayFail: true });
    expect(shown.output).toContain('Installing plugin account');
    expect(shown.status).toBe(3);
  });

  it.runIf(hasNewerNode)('is npm 12 with Node 24, which runs no install scripts', async () => {
    const other = await createMachine(registry, await fetchNewerNode());
    onTestFinished(() => other.remove());
    const versions = await run('npm', ['version', '--json'], { env: other.env, cwd: other.folder });
    expect(JSON.parse(versions.output)).toMatchObject({
      npm: expect.stringMatching(/^12\./u),
      node: '24.21.0',
    });
    await npmInstall(other, 'vastai-cli');
    const version = await run('vastai', ['version', '--verbose'], { env: other.env });
    expect(version.output).toContain('@github/keytar 7.10.6');
    expect(version.output).toContain('v24.21.0');
    const shown = await run('vastai', ['show', 'user', '--yes'], { env: other.env, mayFail: true });
    expect(shown.output).toContain('Installing plugin account');
    expect(shown.status).toBe(3);
  });
});

describe('the plugin of docs/writing-a-plugin.md', { timeout: PATIENCE_MS }, () => {
  it('is built, tested, packed and used with nothing but published packages', async ({
    stage: { vastai, saveKey },
  }) => {
    const folder = join(machine.folder, 'vastai-machines');
    await writeExamplePlugin(folder);
    const npm = (...args: string[]) => run('npm', args, { env: machine.env, cwd: folder });
    await npm('install', '--no-audit', '--no-fund');
    expect((await npm('test')).output).toMatch(/^# pass 3$/mu);
    const { output } = await npm('pack', '--silent');
    const tarball = output.trim().split('\n').at(-1) ?? '';
    expect((await vastai(['plugins', 'install', `file:${join(folder, tarball)}`])).status).toBe(0);
    await saveKey();
    const ran = await vastai(['show', 'machines', '--json']);
    expect(ran.json()).toEqual([]);
    expect((await vastai(['show'])).stdout).toContain('List the machines that this account rents out.');
  });
});
