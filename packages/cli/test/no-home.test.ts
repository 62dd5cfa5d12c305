import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';
import { AS_NAMELESS, canBeOthers, giveHome, NAMELESS } from './support/as-user.js';

const NOWHERE = { HOME: undefined, USERPROFILE: undefined, SHELL: undefined, USER: undefined };
const HOMES: readonly (readonly [string, string | undefined])[] = [
  ['no HOME', undefined],
  ['an empty HOME', ''],
  ['a relative HOME', 'home'],
  ['a HOME that is a file', '/etc/passwd'],
  ['a HOME that does not exist', '/no-such-home'],
  ['the root folder as HOME', '/'],
];
const KEY_COMMANDS = ['show user', 'auth token', 'auth status --offline', 'show api-keys'];
const PLAIN_COMMANDS = [
  'help',
  '--help',
  'set api-key --help',
  'version',
  '--version',
  'plugins',
  'profile list',
];
/** Matches what Node prints on its own. */
const OF_NODE = /node:|ENOENT|ENOTDIR|EACCES|\(Use `node|A system error|bug in vastai/u;

describe.runIf(canBeOthers).concurrent('a user id without a name', () => {
  it.for(HOMES)('sends the key of VAST_API_KEY with %s', async ([, HOME], { harness }) => {
    const { vastai, sandbox } = harness;
    const options = { cwd: '/', through: AS_NAMELESS, env: { ...NOWHERE, HOME, VAST_API_KEY: sandbox.key } };
    for (const line of KEY_COMMANDS) {
      const ran = await vastai(line.split(' '), { ...options, printsKey: line === 'auth token' });
      expect([line, ran.status, ran.stderr]).toEqual([line, 0, '']);
    }
  });

  it.for(HOMES)('can see help and versions with %s', async ([, HOME], { harness: { vastai } }) => {
    for (const line of PLAIN_COMMANDS) {
      const ran = await vastai(line.split(' '), {
        cwd: '/',
        through: AS_NAMELESS,
        env: { ...NOWHERE, HOME },
      });
      expect([line, ran.status, ran.stderr]).toEqual([line, 0, '']);
    }
    const typo = await vastai(['shwo', 'user'], {
      cwd: '/',
      through: AS_NAMELESS,
      env: { ...NOWHERE, HOME },
    });
    expect([typo.status, typo.stdout]).toEqual([2, '']);
    expect(typo.stderr).not.toMatch(OF_NODE);
    const doctor = await vastai(['doctor'], { cwd: '/', through: AS_NAMELESS, env: { ...NOWHERE, HOME } });
    expect([doctor.status, doctor.stderr]).toEqual([10, '']);
  });

  it.for([undefined, '', 'home', '/etc/passwd'])(
    'gets an error about HOME %j when something must be saved',
    async (HOME, { harness }) => {
      const { vastai, sandbox, asked } = harness;
      const options = {
        cwd: '/',
        through: AS_NAMELESS,
        env: { ...NOWHERE, HOME, VAST_API_KEY: sandbox.key },
      };
      for (const args of [
        ['set', 'api-key', sandbox.key],
        ['profile', 'use', 'default'],
        ['plugins', 'install', 'account'],
      ]) {
        const ran = await vastai(args, options);
        expect([args[0], ran.status, ran.stdout]).toEqual([args[0], 9, '']);
        expect(ran.stderr).toContain('HOME is not set');
        expect(ran.stderr).toMatch(/\nSet HOME/u);
        expect(ran.stderr).not.toMatch(OF_NODE);
      }
      expect(asked()).toEqual([]);
    },
  );

  it('is not advised to save a key without a HOME', async ({ harness: { vastai } }) => {
    const options = { cwd: '/', through: AS_NAMELESS, env: NOWHERE };
    for (const line of ['show user', 'auth token', 'auth status', 'doctor']) {
      const { stdout, stderr } = await vastai(line.split(' '), options);
      expect([line, stdout + stderr]).toEqual([line, expect.stringContaining('HOME is not set')]);
      expect([line, stdout + stderr]).toEqual([line, expect.not.stringContaining('vastai set api-key')]);
    }
  });

  it('does not advise to make / writable', async ({ harness: { vastai, sandbox } }) => {
    for (const HOME of ['/', '/no-such-home']) {
      const ran = await vastai(['set', 'api-key', sandbox.key], {
        cwd: '/',
        through: AS_NAMELESS,
        env: { ...NOWHERE, HOME },
      });
      expect(ran.status).toBe(9);
      expect(ran.stderr).toContain('/ belongs to root.\nSet HOME to a folder that you own');
    }
  });

  it('saves a key in XDG_CONFIG_HOME without a HOME', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await giveHome(harness, NAMELESS);
    const options = { cwd: '/', through: AS_NAMELESS, env: { ...NOWHERE, XDG_CONFIG_HOME: home.path } };
    expect((await vastai(['set', 'api-key', sandbox.key], options)).status).toBe(0);
    expect((await vastai(['show', 'user'], options)).status).toBe(0);
  });
});

describe.runIf(process.platform !== 'win32').concurrent('unusable folders', () => {
  it('in XDG variables cause no output', async ({ harness: { vastai, sandbox } }) => {
    const nowhere = '/dev/null';
    const env = {
      XDG_DATA_HOME: nowhere,
      XDG_CONFIG_HOME: nowhere,
      XDG_CACHE_HOME: nowhere,
      XDG_STATE_HOME: nowhere,
      TMPDIR: '/no-such-home',
    };
    for (const line of [...KEY_COMMANDS, ...PLAIN_COMMANDS]) {
      // `profile list` warns of the variable.
      const given = KEY_COMMANDS.includes(line) ? { ...env, VAST_API_KEY: sandbox.key } : env;
      const ran = await vastai(line.split(' '), { env: given, printsKey: line === 'auth token' });
      expect([line, ran.status, ran.stderr]).toEqual([line, 0, '']);
    }
    const ran = await vastai(['set', 'api-key', sandbox.key], { env });
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain('a part of its path is not a folder');
  });

  it.runIf(canBeOthers)('such as an unreadable home cause no output', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    await home.write('.local/share/vastai-cli/package.json', '{}');
    await chmod(home.path, 0);
    for (const line of [...KEY_COMMANDS, 'help', 'version', 'plugins']) {
      const options = { cwd: '/', through: AS_NAMELESS, env: { VAST_API_KEY: sandbox.key } };
      const ran = await vastai(line.split(' '), { ...options, printsKey: line === 'auth token' });
      expect([line, ran.status]).toEqual([line, 0]);
      expect(ran.stderr).not.toMatch(OF_NODE);
    }
    await chmod(home.path, 0o700);
  });

  it('do not make vastai load plugins from the current folder', async ({ harness: { vastai, home } }) => {
    const plugin = '{"name":"vastai-evil","version":"1.0.0","oclif":{"commands":"./c"}}';
    await home.write('data/vastai/node_modules/vastai-evil/package.json', plugin);
    await home.write(
      'data/vastai/package.json',
      '{"oclif":{"plugins":[{"name":"vastai-evil","type":"user"}]}}',
    );
    const ran = await vastai(['plugins'], { env: { XDG_DATA_HOME: 'data' } });
    expect(ran.status).toBe(0);
    expect(ran.stdout + ran.stderr).not.toContain('vastai-evil');
  });

  it('with a damaged list of plugins cause a warning of one sentence', async ({
    harness: { vastai, home },
  }) => {
    await home.write('.local/share/vastai-cli/package.json', '{"oclif":');
    const ran = await vastai(['version']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('Installed plugins are not available.');
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('such as a file in place of ~/.config are named', async ({ harness: { vastai, home, sandbox } }) => {
    const path = await home.write('.config', '');
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(`move away ${path}.`);
  });
});
