import { readdir, stat, symlink } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const USER = 'GET /api/v0/users/current/';
const SCOPED = { api: { instance_read: {} } };

describe.concurrent('set api-key', () => {
  it('saves a key that the API accepts, and names its place', async ({ harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(`…${sandbox.key.slice(-4)}`);
    expect(ran.stdout).toContain(home.at(KEY_FILE));
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '')).toEqual({
      version: 1,
      profiles: {
        default: {
          storage: 'file',
          url: sandbox.url,
          account: 'you@example.com',
          key_id: 40,
          key_hash: expect.stringMatching(/^hmac-sha256:[0-9a-f]{32}:[0-9a-f]{64}$/u),
        },
      },
    });
    expect(asked()).toEqual([USER]);
  });

  it.skipIf(process.platform === 'win32')(
    'creates no file that other users can open',
    async ({ harness }) => {
      const { vastai, sandbox, home } = harness;
      await vastai(['set', 'api-key', sandbox.key]);
      const modeOf = async (name: string) => ((await stat(home.at(name))).mode & 0o777).toString(8);
      expect(await modeOf('.config/vastai')).toBe('700');
      expect(await modeOf(KEY_FILE)).toBe('600');
      expect(await modeOf(SETTINGS)).toBe('600');
      expect((await readdir(home.at('.config/vastai'))).sort()).toEqual(['config.json', 'vast_api_key']);
    },
  );

  it('prints one document with --json', async ({ harness: { vastai, sandbox, home } }) => {
    const ran = await vastai(['set', 'api-key', sandbox.key, '--json']);
    expect(ran.json()).toEqual({
      profile: 'default',
      url: sandbox.url,
      storage: 'file',
      location: home.at(KEY_FILE),
      suffix: sandbox.key.slice(-4),
      verified: 'verified',
    });
  });

  it.for([
    ['piped', [], '', '\n'],
    ['asked for with "-"', ['-'], '', ''],
    ['with white space around it', [], '\r\n \t', '\r\n\n'],
  ] as const)('takes the key from standard input, %s', async ([, args, before, after], { harness }) => {
    const { vastai, sandbox, home } = harness;
    const ran = await vastai(['set', 'api-key', ...args], { input: before + sandbox.key + after });
    expect(ran.status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('trims white space around a key that is an argument', async ({ harness: { vastai, sandbox, home } }) => {
    await vastai(['set', 'api-key', `  ${sandbox.key}\n`]);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('honours XDG_CONFIG_HOME when it is absolute, and only then', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    await vastai(['set', 'api-key', sandbox.key], { env: { XDG_CONFIG_HOME: home.at('elsewhere') } });
    expect(await home.read('elsewhere/vastai/vast_api_key')).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    await vastai(['set', 'api-key', sandbox.key], { env: { XDG_CONFIG_HOME: 'relative' } });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read('relative/vastai/vast_api_key')).toBeUndefined();
  });

  it.for([404, 401] as const)(
    'does not save a key that the API rejects with %i, and keeps the old one',
    async (status, { harness }) => {
      const { vastai, sandbox, home, saveKey, unknownKey } = harness;
      sandbox.quirks.unknownKey = status;
      await saveKey();
      const wrong = await unknownKey();
      const ran = await vastai(['set', 'api-key', wrong, '--json']);
      expect(ran.status).toBe(4);
      expect(ran.json().error).toMatchObject({ code: 'key_rejected', status });
      expect(ran.json().error.source).toContain(`…${wrong.slice(-4)}`);
      expect(ran.json().error.hint).toContain('revoked or expire');
      expect(ran.json().error.hint).toContain(
        `Nothing was saved. The saved key …${sandbox.key.slice(-4)} in ${home.at(KEY_FILE)} is still in place.`,
      );
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
      expect(await home.read(SETTINGS)).toBeUndefined();
    },
  );

  it('leaves no key behind when the first one is rejected', async ({ harness }) => {
    const { vastai, home, unknownKey } = harness;
    const ran = await vastai(['set', 'api-key', await unknownKey()]);
    expect(ran.status).toBe(4);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toMatch(/\nNothing was saved\.\n$/);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it.for([401, 403] as const)(
    'saves a key that cannot read the account (%i), because the API knows it',
    async (status, { harness }) => {
      const { vastai, sandbox, home, addKey } = harness;
      sandbox.quirks.lackingPermission = status;
      const { value } = await addKey({ name: 'scoped', permissions: SCOPED });
      const ran = await vastai(['set', 'api-key', value, '--json']);
      expect(ran.json()).toMatchObject({ verified: 'verified' });
      expect(ran.stderr).toContain('user_read');
      expect(await home.read(KEY_FILE)).toBe(value);
    },
  );

  it.for(['session_expired', 'required'] as const)(
    'saves the key of a two-factor account (%s)',
    async (form, { harness }) => {
      const { vastai, sandbox, home } = harness;
      sandbox.quirks.twoFactor = form;
      const ran = await vastai(['set', 'api-key', sandbox.key, '--json']);
      expect(ran.json()).toMatchObject({ verified: 'verified' });
      expect(ran.stderr).toContain('two-factor');
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    },
  );

  it.for([
    ['no answer', { kind: 'drop' }],
    ['a rate limit', { kind: 'answer', status: 429, body: 'API requests too frequent' }],
    ['a server error', { kind: 'answer', status: 500 }],
    ['a page of HTML', { kind: 'junk' }],
  ] as const)('saves with a warning when %s leaves the key unchecked', async ([, fault], { harness }) => {
    const { vastai, sandbox, home } = harness;
    sandbox.fault(USER, fault);
    const ran = await vastai(['set', 'api-key', sandbox.key, '--retry', '0', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ verified: 'unverifiable' });
    expect(ran.stderr).toContain('could not be checked');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('sends no request with --no-verify', async ({ harness: { vastai, home, unknownKey, asked } }) => {
    const key = await unknownKey();
    const ran = await vastai(['set', 'api-key', key, '--no-verify', '--json']);
    expect(ran.json()).toMatchObject({ verified: 'skipped' });
    expect(await home.read(KEY_FILE)).toBe(key);
    expect(asked()).toEqual([]);
  });

  it('checks the new key and not another one, and says which variable overrides it', async ({ harness }) => {
    const { vastai, sandbox, addKey } = harness;
    const { id, value } = await addKey({ name: 'new' });
    const env = { VAST_API_KEY: sandbox.key };
    const ran = await vastai(['set', 'api-key', value], { env });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/VAST_API_KEY is set/);
    expect(sandbox.requests.map(({ authorization }) => authorization?.keyId)).toEqual([id]);
    await vastai(['show', 'user'], { env });
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(40);
  });

  it('says so when VAST_API_KEY_FILE overrides it', async ({ harness: { vastai, sandbox, home } }) => {
    const file = await home.write('secret', sandbox.key);
    const ran = await vastai(['set', 'api-key', sandbox.key], { env: { VAST_API_KEY_FILE: file } });
    expect(ran.stderr).toMatch(/VAST_API_KEY_FILE is set/);
  });

  it('removes the legacy file once the new key is in place', async ({ harness }) => {
    const { vastai, sandbox, home, unknownKey } = harness;
    await home.write(LEGACY_FILE, await unknownKey());
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.stderr).toContain(home.at(LEGACY_FILE));
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('saves the key of another profile next to the default one', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, addKey } = harness;
    await saveKey();
    const { id, value } = await addKey({ name: 'work' });
    const ran = await vastai(['set', 'api-key', value, '--profile', 'work', '--json']);
    expect(ran.json()).toMatchObject({ profile: 'work' });
    expect(await home.read('.config/vastai/profiles/work/vast_api_key')).toBe(value);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    await vastai(['show', 'user', '--profile', 'work']);
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(id);
  });
});

describe.concurrent('set api-key rejects an invalid key without printing it', () => {
  const SECRET = '5ecret5ecret5ecret5ecret';
  const CASES: [what: string, { arg?: string; input?: string | Uint8Array }][] = [
    ['an empty argument', { arg: '' }],
    ['white space as an argument', { arg: ' \n' }],
    ['an argument with a space inside', { arg: `${SECRET} ${SECRET}` }],
    ['an argument of several lines', { arg: `${SECRET}\n${SECRET}` }],
    ['an argument with a control character', { arg: `${SECRET}\u001b[2J${SECRET}` }],
    ['empty standard input', { input: '' }],
    ['several lines on standard input', { input: `${SECRET}\n${SECRET}\n` }],
    ['UTF-16 on standard input', { input: Buffer.from(`\ufeff${SECRET}`, 'utf16le') }],
    ['bytes that are no text', { input: Uint8Array.of(0xff, 0xfe, 0x41) }],
    ['a NUL on standard input', { input: `${SECRET}\u0000` }],
    ['a file that is far too long', { input: SECRET.repeat(10_000) }],
  ];
  it.for(CASES)('%s', async ([, { arg, input }], { harness }) => {
    const { vastai, sandbox, home, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(['set', 'api-key', ...(arg === undefined ? [] : [arg])], { input: input ?? '' });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('Error:');
    expect(ran.stderr).not.toContain(SECRET);
    expect(ran.stderr).not.toContain('\u001b');
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(asked()).toEqual([]);
  });

  it('a key in two halves', async ({ harness: { vastai, home } }) => {
    const ran = await vastai(['set', 'api-key', SECRET, `${SECRET}2`, '--json']);
    expect(ran.status).toBe(2);
    expect(ran.json().error.code).toBe('usage');
    expect(ran.stdout + ran.stderr).not.toContain(SECRET);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });
});

describe.concurrent('set api-key, if the store cannot be written,', () => {
  it('sends no request if a folder is in place of the key file', async ({ harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    await home.write(`${KEY_FILE}/inside`, '');
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(home.at(KEY_FILE));
    expect(asked()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('does not write through a symbolic link', async ({ harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    const target = await home.write('target', 'mine');
    await home.write(SETTINGS, '{}');
    await symlink(target, home.at(KEY_FILE));
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain('symbolic link');
    expect(await home.read('target')).toBe('mine');
    expect(asked()).toEqual([]);
  });

  it('does not touch the settings of a newer version', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, unknownKey } = harness;
    const settings = '{"version":2,"profiles":{"default":{"storage":"hologram"}}}';
    await home.write(SETTINGS, settings);
    await saveKey(await unknownKey());
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toMatch(/newer vastai/);
    expect(await home.read(SETTINGS)).toBe(settings);
    expect(await home.read(KEY_FILE)).not.toBe(sandbox.key);
  });

  // In a home of a test there is no session bus, so on Linux there is no keychain.
  const onLinux = it.skipIf(process.platform !== 'linux');

  onLinux('does not fall back from a keychain that was asked for', async ({ harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    const ran = await vastai(['set', 'api-key', sandbox.key, '--storage', 'keychain']);
    expect(ran.status).toBe(9);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  onLinux('uses the file with --storage auto if there is no keychain, and says so', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    const ran = await vastai(['set', 'api-key', sandbox.key, '--storage', 'auto']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('No keychain on this machine (no D-Bus session), so the key is in a file.');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it.for([
    [['--storage', 'cloud'], {}],
    [[], { VASTAI_STORAGE: 'cloud' }],
  ] as const)('knows no other store than keychain and file: %j %j', async ([args, env], { harness }) => {
    const { vastai, sandbox, asked } = harness;
    const ran = await vastai(['set', 'api-key', sandbox.key, ...args], { env });
    expect(ran.status).toBe(2);
    expect(asked()).toEqual([]);
  });
});

describe.skipIf(!canOpenTerminal())('set api-key on a terminal', { concurrent: true }, () => {
  it('asks for the key and does not show it', async ({ harness: { onTerminal, sandbox, home } }) => {
    const terminal = onTerminal(['set', 'api-key'], { stdoutTo: home.at('stdout') });
    await terminal.see('Create a key at https://cloud.vast.ai/manage-keys/');
    await terminal.see('API key:');
    terminal.type(`${sandbox.key}\r`);
    const { status, screen } = await terminal.ended;
    expect(status).toBe(0);
    expect(screen).not.toContain(sandbox.key.slice(0, 8));
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read('stdout')).toMatch(/^Saved the key …[0-9a-f]{4} .*\n$/);
  });

  it('warns that the shell history keeps a key passed as an argument', async ({
    harness: { onTerminal, sandbox },
  }) => {
    const { status, screen } = await onTerminal(['set', 'api-key', sandbox.key]).ended;
    expect(status).toBe(0);
    expect(screen).toContain('Your shell history may keep this key');
  });

  it('exits with 130 after Ctrl-C at the prompt', async ({ harness: { onTerminal, home } }) => {
    const terminal = onTerminal(['set', 'api-key']);
    await terminal.see('API key:');
    terminal.type('\x03');
    const { status, screen } = await terminal.ended;
    expect(status).toBe(130);
    expect(screen).toContain('Nothing was changed');
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });
});
