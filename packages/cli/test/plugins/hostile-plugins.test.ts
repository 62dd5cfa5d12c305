import { readFileSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import { describe, expect } from 'vitest';
import { placePlugins } from '../support/user-plugins.js';

const { version: OWN } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe.concurrent('a plugin that does not fit the CLI', () => {
  it.for([
    ['is made for a newer one', '^99.0.0', 'npm install -g vastai-cli@latest'],
    ['is made for an older one', '0.0.1', 'vastai plugins update'],
    ['says nonsense', 'soon', 'vastai plugins uninstall vastai-machines'],
  ] as const)(
    'is rejected with both versions in the message: it %s',
    async ([, range, wayOut], { harness }) => {
      const { vastai, home } = harness;
      const plugin = { name: 'vastai-machines', version: '2.3.4', range, commands: ['show:machines'] };
      await placePlugins(home, [{ ...plugin, hook: 'init' }]);
      const ran = await vastai(['show', 'machines']);
      expect(ran.status).toBe(2);
      expect(ran.stdout).toBe('');
      const version = (await vastai(['version', '--json'])).json().vastai;
      expect(ran.stderr).toContain(
        `vastai-machines 2.3.4 works with vastai-cli ${range}, but this is ${version}.`,
      );
      expect(ran.stderr).toContain(wayOut);
      expect(ran.stderr).not.toMatch(/\n +at |hook of/);
      expect((await vastai(['profile', 'list'])).status).toBe(0);
    },
  );

  it.for([`^${OWN} || ^99.0.0`, `>=${OWN}`, undefined])(
    'is used if it fits: %s',
    async (range, { harness }) => {
      const { vastai, home } = harness;
      const statement = range === undefined ? {} : { range };
      await placePlugins(home, [{ name: 'vastai-machines', commands: ['show:machines'], ...statement }]);
      expect(await vastai(['show', 'machines'])).toMatchObject({
        status: 0,
        stdout: 'from vastai-machines\n',
      });
    },
  );
});

describe.concurrent('a plugin that throws while it is loaded', () => {
  const code = "throw new Error('no such luck\\nand more');";

  it('breaks no other command, and is named when its own is run', async ({ harness: { vastai, home } }) => {
    await placePlugins(home, [
      { name: 'vastai-broken', commands: ['show:broken'], code },
      { name: 'vastai-machines', commands: ['show:machines'] },
    ]);
    expect(await vastai(['show', 'machines'])).toMatchObject({ status: 0, stderr: '' });
    expect(await vastai(['profile', 'list'])).toMatchObject({ status: 0, stderr: '' });
    const ran = await vastai(['show', 'broken', '--json']);
    expect(ran.status).toBe(1);
    expect(ran.json()).toEqual({
      error: {
        code: 'internal',
        message: 'Could not load the plugin vastai-broken 1.0.0: no such luck',
        hint: 'Report it to the author of the plugin, or remove it: vastai plugins uninstall vastai-broken',
      },
    });
    expect(ran.stderr).toBe('');
  });

  it('is skipped with a warning if it has no manifest', async ({ harness: { vastai, home } }) => {
    await placePlugins(home, [
      { name: 'vastai-broken', commands: ['show:broken'], code, withManifest: false },
    ]);
    const warning =
      'Warning: Could not load vastai-broken: no such luck\n' +
      'Remove it: vastai plugins uninstall vastai-broken\n';
    expect(await vastai(['profile', 'list'])).toMatchObject({ status: 0, stderr: warning });
    expect(await vastai(['--help'])).toMatchObject({ status: 0, stderr: warning });
    const user = await vastai(['show', 'user']);
    expect(user.status).toBe(2);
    expect(user.stderr).toContain(`${warning}Error: "vastai show user" comes with the plugin`);
    expect(await vastai(['show', 'broken'])).toMatchObject({
      status: 2,
      stderr: `${warning}Error: Unknown command "show broken".\nSee: vastai help show\n`,
    });
  });

  it.for([
    {
      how: 'with a manifest, where nothing is loaded but what is run',
      withManifest: true,
      warning: '',
      failure:
        'Error: Could not load the plugin vastai-broken 1.0.0: no such luck\n' +
        'Report it to the author of the plugin, or remove it: vastai plugins uninstall vastai-broken\n',
    },
    {
      how: 'without one',
      withManifest: false,
      warning:
        'Warning: Could not load "show broken", "show worse" of vastai-broken: no such luck\n' +
        'Remove it: vastai plugins uninstall vastai-broken\n',
      failure: 'Error: Unknown command "show broken".\nSee: vastai help show\n',
    },
  ])('does not break its commands in other files, $how', async (row, { harness: { vastai, home } }) => {
    const { withManifest, warning, failure } = row;
    const commands = ['show:broken', 'show:worse', 'show:fine'];
    await placePlugins(home, [{ name: 'vastai-broken', commands, withManifest }]);
    const folder = '.local/share/vastai-cli/node_modules/vastai-broken';
    const manifest = JSON.parse((await home.read(`${folder}/package.json`)) ?? '');
    manifest.oclif.commands = './commands';
    await home.write(`${folder}/package.json`, JSON.stringify(manifest));
    for (const name of ['broken', 'worse']) await home.write(`${folder}/commands/show/${name}.js`, code);
    const fine = "exports.default = class { static async run() { console.log('fine'); } };";
    await home.write(`${folder}/commands/show/fine.js`, fine);

    expect(await vastai(['show', 'fine'])).toMatchObject({ status: 0, stdout: 'fine\n', stderr: warning });
    expect(await vastai(['--help'])).toMatchObject({ status: 0, stderr: warning });
    expect(await vastai(['profile', 'list'])).toMatchObject({ status: 0, stderr: warning });
    expect((await vastai(['show', 'user'])).stderr).toContain(`${warning}Error: "vastai show user" comes`);
    expect((await vastai(['show', 'broken'])).stderr).toBe(`${warning}${failure}`);
  });

  it('is skipped with a warning if it was removed', async ({ harness: { vastai, home } }) => {
    const list = [{ name: 'vastai-gone', type: 'user', tag: 'latest' }];
    await home.write(
      '.local/share/vastai-cli/package.json',
      JSON.stringify({ oclif: { schema: 1, plugins: list } }),
    );
    const ran = await vastai(['profile', 'list']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('vastai plugins uninstall vastai-gone');
    expect(ran.stderr).not.toMatch(/\n +at /);
  });
});

describe.concurrent('a command that two plugins provide', () => {
  it("belongs to vastai's own plugin, installed or not", async ({ harness: { vastai, home } }) => {
    const stranger = { name: 'vastai-account-pro', commands: ['show:user', 'show:machines'] };
    await placePlugins(home, [stranger]);
    const missing = await vastai(['show', 'user']);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain(
      'Both @vastai-cli/plugin-account and vastai-account-pro provide "show user"; the first is used.',
    );
    await placePlugins(home, [stranger, { name: '@vastai-cli/plugin-account', commands: ['show:user'] }]);
    const ran = await vastai(['show', 'user']);
    expect(ran).toMatchObject({ status: 0, stdout: 'from @vastai-cli/plugin-account\n' });
    expect(ran.stderr).toContain('the first is used');
    expect(await vastai(['show', 'machines'])).toMatchObject({
      stdout: 'from vastai-account-pro\n',
      stderr: '',
    });
  });

  it('belongs to the CLI', async ({ harness: { vastai, home } }) => {
    await placePlugins(home, [{ name: 'vastai-thief', commands: ['auth:token', 'set:api-key'] }]);
    const ran = await vastai(['auth', 'token']);
    expect(ran.status).toBe(3);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('Both vastai-cli and vastai-thief provide "auth token"');
  });

  it('belongs to the third-party plugin whose name sorts first', async ({ harness: { vastai, home } }) => {
    await placePlugins(home, [
      { name: 'vastai-b', commands: ['show:machines'] },
      { name: 'vastai-a', commands: ['show:machines'] },
    ]);
    const ran = await vastai(['show', 'machines']);
    expect(ran.stdout).toBe('from vastai-a\n');
    expect(ran.stderr).toContain('Both vastai-a and vastai-b provide "show machines"; the first is used.');
  });
});
