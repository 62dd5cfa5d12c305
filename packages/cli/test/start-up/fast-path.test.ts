import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';
import { placePlugins } from '../support/user-plugins.js';
import { type Loaded, runRecorded } from './loaded.js';

/** With a hook that runs around every command, oclif has to start everything. */
const withHook = ({ home }: Harness) =>
  placePlugins(home, [{ name: 'vastai-hook', commands: ['show:hook'], hook: 'init' }]);
const HOOK_RAN = 'hook of vastai-hook\n';

const startsOclif = ({ files }: Loaded) => files.some((file) => file.endsWith('oclif-path.js'));

describe.concurrent('the fast path', () => {
  it.for(
    [
      ['--version'],
      ['-v'],
      [],
      ['--help'],
      ['-h'],
      ['show', 'user'],
      ['show', 'user', '--json'],
      ['show', 'user', '--nope'],
      ['show', 'user', '--nope', '--json'],
      ['show', 'user', '--no-color', '--profile', 'none'],
      ['show', 'user', '--', 'more'],
      ['show', 'api-keys', '--raw'],
      ['show', 'api-key'],
      ['show', 'api-key', '--json'],
      ['show', 'api-key', '42'],
      ['show', 'api-key', '--', '42'],
      ['show', 'api-key', '4 2'],
      ['create', 'api-key', '--permission_file', 'perms.json', '--permission-file=nowhere.json'],
      ['delete', 'api-key', '7', '8'],
      ['auth', 'status', '--json'],
      ['profile', 'list'],
      ['set', 'api-key', ''],
      ['permissions', 'validate', 'perms.json'],
      ['scan', 'perms.json'],
      ['scan', 'nowhere', '--json'],
      ['permissions', 'validate', 'nowhere.json', '--json'],
      ['permissions', 'check', 'perms.json', '--operation', 'instance.show'],
      ['exec', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'],
      ['exec', '--', 'sh', '-c', 'kill -TERM $$'],
      ['exec', '--mask', 'never', '--', 'echo', 'out'],
    ].map((args) => ({ args, line: args.join(' ') })),
  )('prints for “$line” what the ordinary one prints', async ({ args }, { harness }) => {
    const env = { VAST_API_KEY: harness.sandbox.key };
    await harness.home.write('perms.json', '{ "api": { "instance_read": {}, "misc": {} } }');
    const quick = await runRecorded(harness, args, env);
    expect(startsOclif(quick.loaded)).toBe(false);
    await withHook(harness);
    const ordinary = await runRecorded(harness, args, env);
    expect(startsOclif(ordinary.loaded)).toBe(true);
    expect(ordinary.stderr).toContain(HOOK_RAN);
    expect(quick.status).toBe(ordinary.status);
    expect(quick.stdout).toBe(ordinary.stdout);
    expect(quick.stderr).toBe(ordinary.stderr.replace(HOOK_RAN, ''));
  });

  it.for([80, 50])(
    'shows the same page of help on a terminal of %i columns',
    async (columns, { harness }) => {
      const onTerminal = async () => (await harness.onTerminal(['--help'], { columns }).ended).screen;
      const quick = await onTerminal();
      await withHook(harness);
      const ordinary = (await onTerminal()).replace(/hook of vastai-hook\r?\n/u, '');
      expect(quick).toBe(ordinary);
      expect(quick).toContain('COMMANDS');
    },
  );
});

describe.concurrent('the ordinary way is taken', () => {
  it.for(
    [
      ['show'],
      ['show', 'user', '--help'],
      ['help', 'show', 'user'],
      ['show', 'user', 'more'],
      ['show:user'],
      ['sho', 'user'],
      ['nothing', 'known'],
      ['--version', '--verbose'],
      ['version', '--json'],
      ['plugins'],
    ].map((args) => ({ args, line: args.join(' ') })),
  )('for “$line”', async ({ args }, { harness }) => {
    const { loaded, stderr } = await runRecorded(harness, args);
    expect(startsOclif(loaded)).toBe(true);
    expect(stderr).not.toMatch(/\n +at |vastai itself/);
  });

  it('for commands that two packages bring, of which the first party one wins', async ({ harness }) => {
    await placePlugins(harness.home, [{ name: 'vastai-other', commands: ['show:user'] }]);
    const ran = await runRecorded(harness, ['show', 'user'], { VAST_API_KEY: harness.sandbox.key });
    expect(startsOclif(ran.loaded)).toBe(true);
    expect(ran.status).toBe(0);
    expect(ran.stdout).not.toContain('from vastai-other');
  });

  it.for([
    ['has no manifest', { withManifest: false }],
    ['does not fit', { range: '^99.0.0' }],
    ['states a range that only a library can read', { range: '0.1.x || 2' }],
  ] as const)('beside a plugin that %s', async ([, what], { harness }) => {
    await placePlugins(harness.home, [{ name: 'vastai-other', commands: ['show:other'], ...what }]);
    const ran = await runRecorded(harness, ['profile', 'list']);
    expect(startsOclif(ran.loaded)).toBe(true);
    expect(ran.status).toBe(0);
  });

  it('for a command of a third-party plugin, and not for others next to it', async ({ harness }) => {
    await placePlugins(harness.home, [{ name: 'vastai-other', commands: ['show:other'], range: '^0.1.0' }]);
    const theirs = await runRecorded(harness, ['show', 'other']);
    expect(theirs.stdout).toBe('from vastai-other\n');
    expect(startsOclif(theirs.loaded)).toBe(true);
    expect(startsOclif((await runRecorded(harness, ['profile', 'list'])).loaded)).toBe(false);
  });

  it.for([
    ['search:offers', 'search offers'],
    ['search:offers:cheap', 'search offers cheap'],
    ['create:ssh_key', 'create ssh-key'],
  ] as const)('for %s of a plugin, which the official CLI has too', async ([id, line], { harness }) => {
    await placePlugins(harness.home, [{ name: 'vastai-other', commands: [id], range: '^0.1.0' }]);
    const ran = await runRecorded(harness, line.split(' '));
    expect(ran.stdout).toBe('from vastai-other\n');
  });

  it('for a command of the official CLI next to a manifest of another version', async ({ harness }) => {
    const plugin = { name: 'vastai-other', commands: ['show:other'], range: '^0.1.0' };
    await placePlugins(harness.home, [plugin]);
    const line = ['search', 'offers'];
    expect(startsOclif((await runRecorded(harness, line)).loaded)).toBe(false);
    const manifest = '.local/share/vastai-cli/node_modules/vastai-other/oclif.manifest.json';
    await harness.home.write(manifest, '{ "version": "0.0.1", "commands": {} }');
    expect(startsOclif((await runRecorded(harness, line)).loaded)).toBe(true);
  });

  it('when plugins are listed in a way that is not known', async ({ harness }) => {
    await harness.home.write('.local/share/vastai-cli/package.json', '{ "oclif": { "plugins": 5 } }');
    expect(startsOclif((await runRecorded(harness, ['profile', 'list'])).loaded)).toBe(true);
  });

  it('with VASTAI_DEBUG', async ({ harness }) => {
    expect(startsOclif((await runRecorded(harness, ['profile', 'list'], { VASTAI_DEBUG: '1' })).loaded)).toBe(
      true,
    );
  });
});
