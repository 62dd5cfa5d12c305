import { chmod } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

const RESET = ['reset', 'api-key', '--yes'];
const PUT = 'PUT /api/v0/commands/reset_apikey/';
const KEY_FILE = '.config/vastai/vast_api_key';
const printsKey = true;

const onPosix = it.skipIf(process.platform === 'win32');

describe.concurrent('reset api-key', () => {
  it.for(['new_api_key', 'key'] as const)(
    'saves the new key where the old one was (response with "%s")',
    async (how, { harness }) => {
      const { vastai, sandbox, home, saveKey, asked } = harness;
      sandbox.quirks.resetKey = how;
      await saveKey();
      const ran = await vastai([...RESET, '--json']);
      const key = (await home.read(KEY_FILE)) ?? '';
      await recordKey(key);
      expect(key).toMatch(/^[0-9a-f]{64}$/);
      expect(key).not.toBe(sandbox.key);
      expect(ran.status).toBe(0);
      expect(ran.json()).toEqual({ storage: 'file', location: home.at(KEY_FILE), suffix: key.slice(-4) });
      expect(asked()).toEqual([PUT]);
      expect((await vastai(['show', 'user'])).status).toBe(0);
      expect((await vastai(['show', 'user', '--api-key', sandbox.key])).status).toBe(4);
    },
  );

  it.for([
    ['new_api_key', { success: true }],
    ['key', { sent: true }],
  ] as const)(
    'does not print a saved key with --raw (response with "%s")',
    async ([how, answer], { harness }) => {
      const { vastai, sandbox, home, saveKey } = harness;
      sandbox.quirks.resetKey = how;
      await saveKey();
      const ran = await vastai([...RESET, '--raw']);
      await recordKey((await home.read(KEY_FILE)) ?? '');
      expect(ran.status).toBe(0);
      expect(ran.json()).toEqual(answer);
      expect(ran.stderr).toBe('');
    },
  );

  it('prints the response with an unsaved key with --raw', async ({ harness }) => {
    const ran = await harness.vastai([...RESET, '--raw'], {
      env: { VAST_API_KEY: harness.sandbox.key },
      printsKey,
    });
    const { new_api_key: key, ...rest } = ran.json();
    await recordKey(key);
    expect(rest).toEqual({ success: true });
    expect((await harness.vastai(['show', 'user', '--api-key', key])).status).toBe(0);
  });

  it('says where the new key is saved without showing it', async ({ harness: { vastai, home, saveKey } }) => {
    await saveKey();
    const ran = await vastai(RESET);
    const key = (await home.read(KEY_FILE)) ?? '';
    await recordKey(key);
    expect(ran.stdout).toContain(`…${key.slice(-4)}`);
    expect(ran.stdout).toContain(home.at(KEY_FILE));
  });

  it.for(['VAST_API_KEY', 'VAST_API_KEY_FILE', '--api-key'])(
    'prints only the new key when the old one came from %s',
    async (place, { harness }) => {
      const { vastai, sandbox, home, saveKey, unknownKey } = harness;
      const saved = await unknownKey();
      await saveKey(saved);
      const env = {
        VAST_API_KEY: place === 'VAST_API_KEY' ? sandbox.key : undefined,
        VAST_API_KEY_FILE:
          place === 'VAST_API_KEY_FILE' ? await home.write('secret', sandbox.key) : undefined,
      };
      const ran = await vastai([...RESET, ...(place === '--api-key' ? [place, sandbox.key] : [])], {
        env,
        printsKey,
      });
      expect(ran.status).toBe(0);
      expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
      await recordKey(ran.stdout.trim());
      expect(await home.read(KEY_FILE)).toBe(saved);
      expect(await home.read('secret')).toBe(env.VAST_API_KEY_FILE === undefined ? undefined : sandbox.key);
      expect((await vastai(['show', 'user', '--api-key', ran.stdout.trim()])).status).toBe(0);
    },
  );

  it('prints it in one document with --json', async ({ harness: { vastai, sandbox } }) => {
    const ran = await vastai([...RESET, '--json'], { env: { VAST_API_KEY: sandbox.key }, printsKey });
    const { key } = ran.json();
    await recordKey(key);
    expect(ran.json()).toEqual({ storage: null, location: null, suffix: key.slice(-4), key });
  });

  it('saves the key of a profile in that profile', async ({
    harness: { vastai, sandbox, home, saveKey },
  }) => {
    const file = '.config/vastai/profiles/work/vast_api_key';
    await saveKey();
    await home.write(file, sandbox.key);
    expect((await vastai([...RESET, '--profile', 'work'])).status).toBe(0);
    const key = (await home.read(file)) ?? '';
    await recordKey(key);
    expect(key).not.toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('moves a key out of the legacy file', async ({ harness: { vastai, sandbox, home } }) => {
    await home.write('.vast_api_key', sandbox.key);
    expect((await vastai(RESET)).status).toBe(0);
    const key = (await home.read(KEY_FILE)) ?? '';
    await recordKey(key);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await home.read('.vast_api_key')).toBeUndefined();
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('does not save a legacy key in a profile for another API', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    const settings = '{"version":1,"profiles":{"default":{"url":"https://other.example"}}}';
    await home.write('.config/vastai/config.json', settings);
    await home.write('.vast_api_key', sandbox.key);
    const ran = await vastai(RESET, { printsKey });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(ran.stdout.trim());
    expect(await home.read('.config/vastai/config.json')).toBe(settings);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('keeps the old key if the API rejects the reset', async ({
    harness: { vastai, home, saveKey, addKey },
  }) => {
    const { value } = await addKey({ name: 'scoped', permissions: { api: { user_read: {} } } });
    await saveKey(value);
    const ran = await vastai([...RESET, '--json']);
    expect(ran.status).toBe(5);
    expect(ran.json().error.code).toBe('forbidden');
    expect(await home.read(KEY_FILE)).toBe(value);
  });

  it('does nothing without a terminal unless --yes is given', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(['reset', 'api-key'], { input: 'y\n' });
    expect(ran.status).toBe(2);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(asked()).toEqual([]);
  });

  it.for([
    ['no new key', { success: true }],
    ['a malformed key', { success: true, new_api_key: 'two words' }],
  ] as const)(
    'says that the old key may no longer work when the response has %s',
    async ([, body], { harness }) => {
      const { vastai, sandbox, home, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(PUT, { kind: 'answer', status: 200, body });
      const ran = await vastai(RESET);
      expect(ran.status).toBe(8);
      expect(ran.stderr).toContain('old key may no longer work');
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
      expect(asked()).toEqual([PUT]);
    },
  );

  onPosix('sends nothing when the new key could not be saved', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, asked } = harness;
    await saveKey();
    await chmod(home.at('.config/vastai'), 0o500);
    const ran = await vastai([...RESET, '--json'], { through: AS_ANYBODY });
    await chmod(home.at('.config/vastai'), 0o700);
    expect(ran.status).toBe(9);
    expect(ran.json().error.code).toBe('storage');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(asked()).toEqual([]);
  });

  onPosix.for([[], ['--json']])(
    'prints the new key if it cannot be saved after all (%j)',
    async (flags, { harness, expect }) => {
      const { start, sandbox, home, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(PUT, { kind: 'latency', ms: 1500 });
      const run = start([...RESET, ...flags], { through: AS_ANYBODY, printsKey });
      await expect.poll(asked, { timeout: 20_000 }).toEqual([PUT]);
      await chmod(home.at('.config/vastai'), 0o500);
      const ran = await run.ended;
      await chmod(home.at('.config/vastai'), 0o700);
      expect(ran.status).toBe(9);
      const key = flags.length === 0 ? ran.stdout.trim() : ran.json().key;
      expect(key).toMatch(/^[0-9a-f]{64}$/);
      await recordKey(key);
      if (flags.length > 0) {
        expect(ran.json()).toMatchObject({ error: { code: 'storage' }, storage: null, location: null });
      }
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    },
  );
});

describe.skipIf(!canOpenTerminal())('reset api-key on a terminal', { concurrent: true }, () => {
  it.for([
    ['y\r', 0],
    ['n\r', 2],
    ['\x03', 130],
  ] as const)('asks first: %j', async ([answer, status], { harness }) => {
    const { onTerminal, sandbox, home, saveKey, asked } = harness;
    await saveKey();
    const terminal = onTerminal(['reset', 'api-key']);
    await terminal.see(`Replace the API key …${sandbox.key.slice(-4)}?`);
    terminal.type(answer);
    expect((await terminal.ended).status).toBe(status);
    expect(asked()).toEqual(status === 0 ? [PUT] : []);
    const key = (await home.read(KEY_FILE)) ?? '';
    await recordKey(key);
    expect(key === sandbox.key).toBe(status !== 0);
  });

  it('prints the new key and keeps another one that was saved in the meantime', async ({ harness }) => {
    const { onTerminal, sandbox, home, saveKey, unknownKey } = harness;
    await saveKey();
    const terminal = onTerminal(['reset', 'api-key'], { stdoutTo: home.at('stdout') });
    await terminal.see('Replace the API key');
    const other = await unknownKey();
    await saveKey(other);
    terminal.type('y\r');
    const { status, screen } = await terminal.ended;
    expect(status).toBe(9);
    expect(screen).toContain(`now has a different key (…${other.slice(-4)}`);
    const key = ((await home.read('stdout')) ?? '').trim();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    await recordKey(key);
    expect(await home.read(KEY_FILE)).toBe(other);
    expect(sandbox.requests).toHaveLength(1);
  });
});
