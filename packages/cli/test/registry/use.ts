import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Harness } from '@vastai-cli/testing/harness';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';
import { writeExamplePlugin } from './support/example-plugin.js';
import type { ItInstalled } from './support/installed.js';
import { run } from './support/run.js';

/** Defines the tests of ordinary use of an installed CLI. */
export function describeUse(it: ItInstalled): void {
  describe('from a registry', () => {
    it('is installed with no more noise than the README explains', async ({ installed: { said } }) => {
      const warnings = said.match(/^npm warn .*/gmu) ?? [];
      expect(warnings.filter((line) => !line.includes('install-scripts'))).toEqual([]);
      expect(said).not.toMatch(/deprecated|ERESOLVE|vulnerab/u);
    });

    it('runs on that Node, with the addon for the keychain', async ({ installed: { machine } }) => {
      const { runtime, env, folder: cwd } = machine;
      const npm = JSON.parse((await run('npm', ['version', '--json'], { env, cwd })).output);
      expect(`v${npm.node}`).toBe(runtime.version);
      expect(npm.npm).toMatch(new RegExp(`^${runtime.npm}`));
      const version = await run('vastai', ['version', '--verbose'], { env });
      expect(version.output).toContain(runtime.version);
      expect(version.output).toContain('@github/keytar 7.10.6');
    });

    it('consists of the versions in its shrinkwrap, by an npm that reads it', async ({ installed }) => {
      const { release, machine } = installed;
      const root = join(machine.folder, 'lib', 'node_modules', 'vastai-cli');
      const read = async (...names: string[]) => JSON.parse(await readFile(join(root, ...names), 'utf8'));
      const { packages, version } = await read('npm-shrinkwrap.json');
      expect(version).toBe(release.version);
      const { '': itself, ...others } = packages;
      expect(Object.keys(itself.dependencies)).toEqual(
        Object.keys((await read('package.json')).dependencies),
      );
      // npm 12 looks at no shrinkwrap but that of the folder it works in.
      if (machine.runtime.npm === '12.') return;
      const wanted = Object.keys(others).map((path) => [path, others[path].version]);
      expect(wanted.length).toBeGreaterThan(30);
      const found = wanted.map(async ([path]) => [path, (await read(path, 'package.json')).version]);
      expect(await Promise.all(found)).toEqual(wanted);
      // What npm itself brings is within its package.
      const top = (await readdir(join(root, 'node_modules'))).filter((name) => !/^[.@]/u.test(name));
      expect(top.sort()).toEqual(
        wanted.flatMap(([path]) => /^node_modules\/([^@/]+)$/u.exec(path)?.[1] ?? []).sort(),
      );
    });

    it('brings no package of ours but itself', async ({ harness, installed: { release, machine } }) => {
      const details = (await harness.vastai(['--version', '--verbose', '--json'])).json();
      expect(details).toMatchObject({ vastai: release.version, node: machine.runtime.version });
      expect(details.plugins.filter((line: string) => !line.startsWith('@oclif/'))).toEqual([]);
      expect(await harness.vastai(['--version', '--verbose'])).toEqual(
        await harness
          .vastai(['version', '--verbose'])
          .then((ran) => ({ ...ran, json: expect.any(Function) })),
      );
    });

    it('goes through the documentation page, its plugins arriving as they are needed', async ({
      harness,
    }) => {
      const { sandbox, home } = harness;
      const vastai: Harness['vastai'] = (args, more = {}) =>
        harness.vastai(args, { ...more, env: { VASTAI_AUTO_INSTALL: '1', ...more.env } });
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
      async (short, { harness }) => {
        const { vastai } = harness;
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

    it('installs a plugin with --yes, the result alone on standard output', async ({ harness }) => {
      await harness.saveKey();
      const ran = await harness.vastai(['show', 'user', '--yes', '--json']);
      expect(ran.json()).toMatchObject({ id: 123456 });
      expect((await harness.vastai(['show', 'user', '--yes', '--json'])).stdout).toBe(ran.stdout);
    });

    it('takes a plugin from a version, a file and a folder', async ({ harness, installed: { release } }) => {
      const { vastai } = harness;
      const installed = async (...how: string[]) => {
        expect((await vastai(['plugins', ...how])).status).toBe(0);
        // It is there, and has no key.
        expect((await vastai(['show', 'user'])).status).toBe(3);
        expect((await vastai(['plugins', 'uninstall', 'account'])).status).toBe(0);
      };
      await installed('install', `account@${release.version}`);
      await installed('install', `file:${release.tarballOf('plugin-account')}`);
      await installed('link', '--no-install', join(release.copy.folder, 'packages', 'plugin-account'));
    });
  });

  describe('with the plugin of docs/writing-a-plugin.md', () => {
    it('has it built, tested, packed and used with nothing but published packages', async ({
      harness: { vastai, saveKey },
      installed: { machine, release },
    }) => {
      const folder = join(machine.folder, 'vastai-machines');
      await writeExamplePlugin(release.copy.folder, folder);
      const npm = (...args: string[]) => run('npm', args, { env: machine.env, cwd: folder });
      await npm('install', '--no-audit', '--no-fund');
      expect((await npm('test')).output).toMatch(/^. pass 3$/mu);
      const { output } = await npm('pack', '--silent');
      const tarball = output.trim().split('\n').at(-1) ?? '';
      expect((await vastai(['plugins', 'install', `file:${join(folder, tarball)}`, '--yes'])).status).toBe(0);
      await saveKey();
      const ran = await vastai(['show', 'machines', '--json']);
      expect(ran.json()).toEqual([]);
      expect((await vastai(['show', '--help'])).stdout).toContain(
        'List the machines that this account rents out.',
      );
    });
  });
}
