import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';

const unix = process.platform !== 'win32';

/** Lets a profile take its key from a command. */
async function takeKeyFrom({ home, sandbox }: Harness, command: readonly string[], profile = 'default') {
  const record = { storage: 'command', command, url: sandbox.url };
  await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { [profile]: record } }));
}

/** Writes a shell script; gives its path. */
async function script({ home }: Harness, text: string): Promise<string> {
  const path = await home.write('key-command', `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o700);
  return path;
}

describe.runIf(unix).concurrent('a key that a command gives', () => {
  it('is sent, shown by auth status without being run twice, and written nowhere', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    const command = await script(harness, `echo ran >> runs; cat secret`);
    await home.write('secret', `${sandbox.key}\n`);
    await takeKeyFrom(harness, [command, 'an argument']);
    const settings = await home.read(SETTINGS);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect(sandbox.requests[0]?.authorization?.keyId).toBe(40);
    const report = (await vastai(['auth', 'status', '--json'])).json();
    expect(report.active).toEqual({ source: 'command', location: command, suffix: sandbox.key.slice(-4) });
    expect((await vastai(['auth', 'token'], { printsKey: true })).stdout).toBe(`${sandbox.key}\n`);
    expect(await home.read('runs')).toBe('ran\nran\nran\n');
    expect(await home.read(SETTINGS)).toBe(settings);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('comes from a program that is started as it is named, without a shell', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    const command = await script(harness, 'for word in "$@"; do echo "$word"; done > words; cat secret');
    await home.write('secret', sandbox.key);
    await takeKeyFrom(harness, [command, '$HOME', '*', '; touch made', 'two words']);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect(await home.read('words')).toBe('$HOME\n*\n; touch made\ntwo words\n');
    expect(await home.read('made')).toBeUndefined();
  });

  it('comes from a program that gets no key', async ({ harness }) => {
    const { vastai, home, sandbox, addKey, unknownKey } = harness;
    const { value } = await addKey({ name: 'flag' });
    const command = await script(
      harness,
      'env > environment; cat "/proc/$PPID/cmdline" > parent; cat secret',
    );
    await home.write('secret', sandbox.key);
    await takeKeyFrom(harness, [command], 'work');
    const env = {
      VAST_API_KEY: await unknownKey(),
      VAST_API_KEY_FILE: await home.write('file', await unknownKey()),
      FOR_THE_COMMAND: 'yes',
    };
    expect((await vastai(['show', 'user', '--profile', 'work'], { env })).status).toBe(0);
    const environment = await home.read('environment');
    expect(environment).toContain('FOR_THE_COMMAND=yes');
    expect(environment).not.toMatch(/VAST_API_KEY|[0-9a-f]{64}/);
    // A given key is enough: the command is not run then.
    await rm(home.at('environment'));
    expect((await vastai(['show', 'user', '--profile', 'work', '--api-key', value])).status).toBe(0);
    expect(
      (await vastai(['show', 'user'], { env: { VAST_PROFILE: 'work', VAST_API_KEY: value } })).status,
    ).toBe(0);
    expect(await home.read('environment')).toBeUndefined();
  });

  it('goes only to the API of its profile', async ({ harness }) => {
    const { vastai, home } = harness;
    const record = {
      storage: 'command',
      command: [await script(harness, 'touch ran')],
      url: 'https://one.example',
    };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { default: record } }));
    const ran = await vastai(['show', 'user'], { env: { VAST_URL: 'https://two.example' } });
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/https:\/\/two\.example.*https:\/\/one\.example/);
    expect(await home.read('ran')).toBeUndefined();
  });

  it.for([
    { what: 'that is not there', command: ['no-such-program-here'], message: /was not found/ },
    { what: 'that is no program', command: ['/'], message: /could not be started/ },
    { what: 'without a name', command: [''], message: /could not be started/ },
    {
      what: 'with an argument that cannot be one',
      command: ['echo', 'a\0b'],
      message: /could not be started/,
    },
    { what: 'that fails', command: ['false'], message: /exited with status 1/ },
    { what: 'that prints nothing', command: ['true'], message: /printed nothing/ },
    { what: 'that prints white space only', command: ['printf', ' \\n\\n'], message: /printed nothing/ },
    {
      what: 'that prints several lines',
      command: ['printf', 'key-0123456789\\nlogin: me\\n'],
      message: /does not contain exactly one key/,
    },
    { what: 'that prints no text', command: ['printf', '\\377\\376'], message: /not UTF-8/ },
    { what: 'that prints without end', command: ['yes'], message: /much more than a key/ },
    { what: 'that does not end', command: ['sleep', '600'], message: /did not finish within 1 s/ },
    { what: 'that ends itself', command: ['sh', '-c', 'kill -TERM $$'], message: /was killed by SIGTERM/ },
  ])('is not there where the command is one $what', async ({ command, message }, { harness }) => {
    const { vastai, saveKey, home, sandbox, asked } = harness;
    await saveKey();
    await home.write('.vast_api_key', sandbox.key);
    await takeKeyFrom(harness, command);
    const limit = message.source.includes('did not finish') ? '1' : '30';
    const ran = await vastai(['show', 'user', '--json'], { env: { VASTAI_KEYCHAIN_TIMEOUT: limit } });
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toMatch(message);
    expect(ran.json().error.hint).toContain('VAST_API_KEY');
    expect(ran.stdout + ran.stderr).not.toContain('key-0123456789');
    expect(asked()).toEqual([]);
  });

  it('may be asked for in words of its own on standard error', async ({ harness }) => {
    await takeKeyFrom(harness, [await script(harness, 'echo "Unlock me first." >&2; exit 1')]);
    const ran = await harness.vastai(['auth', 'token']);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain('Unlock me first.');
    expect(ran.stdout).toBe('');
  });
});

describe.runIf(unix).concurrent('a profile whose key a command gives', () => {
  it('does not have it run for a refusal', async ({ harness }) => {
    const { vastai, home, unknownKey, asked } = harness;
    const command = await script(harness, 'echo ran >> runs; cat secret');
    await takeKeyFrom(harness, [command]);
    const env = { VAST_API_KEY: await unknownKey() };
    // The API refuses another key: the command is named as one that was not tried, and no more.
    const rejected = await vastai(['show', 'user'], { env });
    expect(rejected.status).toBe(4);
    expect(rejected.stderr).toContain(`Not tried: ${command}.`);
    expect((await vastai(['delete', 'api-key', '42', '--yes'], { env })).status).toBe(4);
    const asksBefore = asked().length;
    for (const args of [
      ['reset', 'api-key'],
      ['delete', 'api-key', '42'],
      ['delete', 'api-key', 'x', '--yes'],
      ['create', 'api-key', '--name', ' '],
      ['create', 'api-key', '--name', 'ci', '--key_params', '{'],
      ['show', 'api-key', 'x'],
      ['unset', 'api-key'],
    ])
      expect((await vastai(args)).status).toBeGreaterThan(0);
    expect(asked()).toHaveLength(asksBefore);
    expect(await home.read('runs')).toBeUndefined();
  });

  it('takes no other key', async ({ harness }) => {
    const { vastai, home, asked, unknownKey } = harness;
    await takeKeyFrom(harness, ['echo', await unknownKey()]);
    const settings = await home.read(SETTINGS);
    for (const args of [
      ['set', 'api-key', '-'],
      ['set', 'api-key', '-', '--storage', 'file'],
      ['config', 'migrate', '--to', 'file'],
      ['config', 'migrate', '--to', 'keychain'],
    ]) {
      const ran = await vastai(args, { input: await unknownKey() });
      expect(ran.status).toBe(2);
      expect(ran.stderr).toContain('takes its key from a command');
    }
    expect(await home.read(SETTINGS)).toBe(settings);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  it('has no key to unset, and keeps its command when a copy in a file is removed', async ({ harness }) => {
    const { vastai, home, sandbox, saveKey } = harness;
    await takeKeyFrom(harness, ['echo', sandbox.key]);
    expect((await vastai(['unset', 'api-key', '--yes'])).status).toBe(3);
    await saveKey();
    const ran = await vastai(['unset', 'api-key', '--yes', '--json']);
    expect(ran.json().removed).toEqual([{ storage: 'file', location: home.at(KEY_FILE) }]);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect((await vastai(['profile', 'remove', 'default', '--yes'])).status).toBe(0);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles).toEqual({});
  });

  it('gets the new key printed when it is reset', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await takeKeyFrom(harness, ['echo', sandbox.key]);
    const ran = await vastai(['reset', 'api-key', '--yes'], { printsKey: true });
    expect(ran.status).toBe(0);
    const key = ran.stdout.trimEnd();
    expect((await vastai(['show', 'user', '--api-key', key])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('is listed so', async ({ harness }) => {
    const { vastai, sandbox } = harness;
    await takeKeyFrom(harness, ['echo', sandbox.key], 'work');
    expect((await vastai(['profile', 'list', '--json'])).json()).toContainEqual({
      name: 'work',
      current: false,
      active: false,
      storage: 'command',
      url: sandbox.url,
    });
  });
});

describe.runIf(unix).concurrent('a key command in settings that others can change', () => {
  const isRoot = process.getuid?.() === 0;
  const FOLDER = '.config/vastai';

  it.for<[string, (harness: Harness) => Promise<void>, string]>([
    ['a file that everybody can write', ({ home }) => chmod(home.at(SETTINGS), 0o666), 'chmod go-w'],
    ['a file that a group can write', ({ home }) => chmod(home.at(SETTINGS), 0o620), 'chmod go-w'],
    ['a folder that everybody can write', ({ home }) => chmod(home.at(FOLDER), 0o777), 'chmod go-w'],
    ['a folder that a group can write', ({ home }) => chmod(home.at(FOLDER), 0o720), 'chmod go-w'],
    ...(isRoot
      ? ([
          ['a file of another user', ({ home }) => chown(home.at(SETTINGS), 1234, 1234), 'Run vastai as'],
          ['a folder of another user', ({ home }) => chown(home.at(FOLDER), 1234, 1234), 'Run vastai as'],
        ] as [string, (harness: Harness) => Promise<void>, string][])
      : []),
  ])('is not run, and the fix works: %s', async ([, open, fix], { harness }) => {
    const { vastai, home, sandbox, asked } = harness;
    await home.write('secret', sandbox.key);
    await takeKeyFrom(harness, [await script(harness, 'echo ran >> runs; cat secret')]);
    await open(harness);
    const ran = await vastai(['show', 'user', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json().error).toMatchObject({ code: 'storage', hint: expect.stringContaining(fix) });
    expect(ran.json().error.message).toContain(home.at(FOLDER));
    const status = await vastai(['auth', 'status', '--json']);
    expect(status.status).toBe(9);
    expect(status.json()).toMatchObject({
      state: 'unreadable',
      sources: expect.arrayContaining([
        expect.objectContaining({
          source: 'command',
          state: 'unreadable',
          problems: [expect.objectContaining({ code: 'command_not_safe' })],
        }),
      ]),
    });
    const doctor = await vastai(['doctor', '--json']);
    expect(doctor.status).toBe(10);
    expect(doctor.stdout).toContain('is not run');
    expect(await home.read('runs')).toBeUndefined();
    expect(asked()).toEqual([]);
    if (fix.startsWith('Run')) return;
    await succeed('sh', ['-c', ran.json().error.hint], home.env, '');
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('is run when the folder is a link to another one of the user', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write('secret', sandbox.key);
    await takeKeyFrom(harness, [await script(harness, 'cat secret')]);
    const env = { XDG_CONFIG_HOME: home.at('linked') };
    await mkdir(home.at('linked'), { mode: 0o700 });
    await symlink(home.at(FOLDER), home.at('linked', 'vastai'));
    expect((await vastai(['show', 'user'], { env })).status).toBe(0);
  });
});

describe.runIf(installed('pass', 'gpg', 'gpgconf')).concurrent('pass', () => {
  it('gives the key that GnuPG keeps', async ({ harness, onTestFinished }) => {
    const { vastai, home, sandbox } = harness;
    // The path of a socket may not be long.
    const folder = await mkdtemp(join(tmpdir(), 'gpg-'));
    const env = {
      GNUPGHOME: folder,
      PASSWORD_STORE_DIR: home.at('passwords'),
      VASTAI_KEYCHAIN_TIMEOUT: '30',
    };
    const run = (program: string, args: readonly string[], input = '') =>
      succeed(program, args, { ...home.env, ...env }, input);
    onTestFinished(async () => {
      await run('gpgconf', ['--kill', 'all']);
      await rm(folder, { recursive: true });
    });
    await mkdir(env.PASSWORD_STORE_DIR);
    const unattended = ['--batch', '--passphrase', '', '--quick-generate-key'];
    await run('gpg', [...unattended, 'me@example.com', 'default', 'default', 'never']);
    await run('pass', ['init', 'me@example.com']);
    await run('pass', ['insert', '--multiline', 'vast.ai'], `${sandbox.key}\n`);
    await takeKeyFrom(harness, ['pass', 'show', 'vast.ai']);
    expect((await vastai(['show', 'user'], { env })).status).toBe(0);
    expect(sandbox.requests[0]?.authorization?.keyId).toBe(40);
    const missing = { ...env, PASSWORD_STORE_DIR: home.at('elsewhere') };
    const ran = await vastai(['show', 'user'], { env: missing });
    expect(ran.status).toBe(9);
    expect(ran.stderr).toMatch(/key command "pass" exited with status 1/);
  });
});

async function succeed(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<void> {
  const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
  // It may end without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'exit');
  expect([program, status]).toEqual([program, 0]);
}
