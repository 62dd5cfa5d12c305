import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { placePlugins } from '../support/user-plugins.js';
import type { ItInstalled } from './support/installed.js';

/** Defines the tests of faults in a registry, or in a plugin from it. */
export function describeFailures(it: ItInstalled): void {
  describe('what goes wrong with a registry', () => {
    it('is said when it is down, and changes nothing', async ({ harness, installed: { registry } }) => {
      const { vastai, home } = harness;
      const env = { npm_config_userconfig: await home.write('npmrc', 'registry=http://127.0.0.1:1/') };
      const ran = await vastai(['plugins', 'install', 'keys'], { env });
      expect(ran.status).toBe(8);
      expect(ran.stderr).toMatch(/^Error: Could not look up .* in the npm registry: .*ECONNREFUSED/);
      const chosen = { ...env, VASTAI_NPM_REGISTRY: registry.url };
      expect((await vastai(['plugins', 'install', 'keys'], { env: chosen })).status).toBe(0);
    });

    it('is said of a plugin that does not exist', async ({ harness: { vastai } }) => {
      for (const name of ['vastai-nowhere', 'vastai-thief@77.0.0']) {
        const ran = await vastai(['plugins', 'install', name]);
        expect(ran.status).toBe(2);
        expect(ran.stderr).toContain('in the npm registry');
      }
    });

    it('is said of a tarball that is not what was published, and it is not installed', async ({
      harness,
    }) => {
      const { vastai } = harness;
      // npm asks again, and waits a minute before it does.
      const env = { npm_config_fetch_retries: '0' };
      const ran = await vastai(['plugins', 'install', 'vastai-spoilt', '--yes'], { env });
      expect(ran.status).toBe(1);
      expect(ran.stdout + ran.stderr).toContain('EINTEGRITY');
      expect(ran.stderr).toContain('Error: npm failed');
      expect((await vastai(['plugins'])).stdout).toContain('No plugins installed.');
      expect((await vastai(['profile', 'list'])).status).toBe(0);
    });

    it('leaves a plugin of another major version out, from a registry and from a file', async ({
      harness: { vastai },
      installed: { registry },
    }) => {
      // The one of this version of the CLI is meant, and not the newest.
      expect((await vastai(['plugins', 'install', 'account'])).status).toBe(0);
      const installed = async () => (await vastai(['plugins'])).stdout.split(' (', 1)[0];
      const before = await installed();
      const ran = await vastai(['plugins', 'install', 'account@99.0.0']);
      expect(ran.status).toBe(2);
      expect(ran.stderr).toMatch(
        /installs only version \d\S* of @vastai-cli\/plugin-account \(requested: 99\.0\.0\)/,
      );
      expect((await vastai(['plugins', 'update'])).status).toBe(0);
      expect(await installed()).toBe(before);
      expect((await vastai(['show', 'user'])).status).toBe(3);

      const file = join(registry.storage, '@vastai-cli/plugin-account/plugin-account-99.0.0.tgz');
      const fromFile = await vastai(['plugins', 'install', `file:${file}`]);
      expect(fromFile.status).toBe(10);
      expect(fromFile.stderr).toContain('This is not the @vastai-cli/plugin-account');
      expect(await installed()).toBe(before);
      const other = await vastai(['plugins', 'install', 'vastai-later', '--yes']);
      expect(other.status).toBe(2);
      expect(other.stderr).toMatch(/vastai-later 1\.0\.0 works with vastai-cli \^99\.0\.0, but this is \d/);
    });

    it('is mended by an update, where the plugins are from before an update of the CLI', async ({
      harness,
    }) => {
      const { vastai, home } = harness;
      const name = '@vastai-cli/plugin-account';
      await placePlugins(home, [{ name, version: '0.0.1', range: '0.0.1', commands: ['show:user'] }]);
      const old = await vastai(['show', 'user']);
      expect(old.status).toBe(2);
      expect(old.stderr).toContain('vastai plugins update');
      expect((await vastai(['plugins', 'update'])).status).toBe(0);
      expect((await vastai(['show', 'user'])).status).toBe(3);
    });

    it('is no way to get a key: what npm starts does not have it', async ({ harness }) => {
      const { vastai, home, unknownKey } = harness;
      const git = await home.write('git', `#!/bin/sh\nenv >> ${home.at('environment')}\nexit 1\n`);
      await chmod(git, 0o700);
      const env = {
        VAST_API_KEY: await unknownKey(),
        VAST_API_KEY_FILE: '/run/key',
        npm_config_git: git,
        npm_config_fetch_retries: '0',
      };
      const args = ['plugins', 'install', 'git+https://127.0.0.1:1/plugin.git', '--yes'];
      expect((await vastai(args, { env })).status).toBe(8);
      const seen = await home.read('environment');
      expect(seen).toContain('npm_config_ignore_scripts=true');
      expect(seen).not.toContain('VAST_API_KEY');
    });

    it('stays with the plugin that brings it', async ({ harness: { vastai } }) => {
      const plugins = ['vastai-thief', 'vastai-broken', 'account', '--yes'];
      expect((await vastai(['plugins', 'install', ...plugins])).status).toBe(0);
      expect(await vastai(['show', 'loot'])).toMatchObject({
        status: 0,
        stdout: 'from vastai-thief\n',
        stderr: '',
      });
      const user = await vastai(['show', 'user']);
      expect(user.status).toBe(3);
      expect(user.stderr).toContain('Both @vastai-cli/plugin-account and vastai-thief provide "show user"');
      const broken = await vastai(['show', 'broken']);
      expect(broken.stderr).toMatch(/^Error: Could not load the plugin vastai-broken 1\.0\.0: no luck\n/);
      expect((await vastai(['plugins', 'uninstall', 'vastai-broken', 'vastai-thief'])).status).toBe(0);
    });
  });
}
