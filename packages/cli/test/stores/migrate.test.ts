import { stat } from 'node:fs/promises';
import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { expect } from 'vitest';
import { receiptsIn } from '../support/receipts.js';

const MIGRATE = ['config', 'migrate'];
const TO_KEYCHAIN = [...MIGRATE, '--to', 'keychain'];
const TO_FILE = [...MIGRATE, '--to', 'file'];
const KEYCHAIN = 'keychain (vastai, default)';
const VAST_AI = { VAST_URL: undefined };

describe('config migrate --to', () => {
  it('keychain moves the key file there, and tells who will miss it', async ({ harness }) => {
    const { vastai, keep, sandbox, home, keychain } = harness;
    await keep('file', sandbox.key);
    const ran = await vastai(TO_KEYCHAIN);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^DONE +FROM +TO\n.*moved +/);
    expect(ran.stdout).toContain(KEYCHAIN);
    expect(ran.stdout).toMatch(/Python CLI and SDK, SkyPilot .* --keep-file/);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles).toEqual({
      default: { storage: 'keychain', url: sandbox.url },
    });
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('shows the plan with --dry-run, and changes nothing', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, saveKey } = harness;
    const from = await saveKey();
    const plan = { step: 'between-stores', action: 'move', from, to: KEYCHAIN };
    const ran = await vastai([...TO_KEYCHAIN, '--dry-run', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({ applied: false, changes: [{ ...plan, note: expect.any(String) }] });
    const shown = await vastai([...TO_KEYCHAIN, '--dry-run']);
    expect(shown.stdout).toMatch(/^PLAN +FROM +TO\nmove +/);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(SETTINGS)).toBeUndefined();
    expect(await receiptsIn(harness.home)).toEqual([]);
  });

  it('file moves it back, and has nothing to do after that', async ({ harness }) => {
    const { vastai, keep, sandbox, home, keychain } = harness;
    await keep('keychain', sandbox.key);
    const ran = await vastai([...TO_FILE, '--json']);
    expect(ran.json()).toMatchObject({
      applied: true,
      changes: [{ action: 'move', from: KEYCHAIN, to: home.at(KEY_FILE) }],
    });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect((await stat(home.at(KEY_FILE))).mode & 0o777).toBe(0o600);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect((await harness.record())?.storage).toBe('file');
    const before = await home.read(SETTINGS);
    expect((await vastai([...TO_FILE, '--json'])).json()).toEqual({ applied: false, changes: [] });
    expect((await vastai(TO_FILE)).stdout).toBe('Nothing to migrate.\n');
    expect(await home.read(SETTINGS)).toBe(before);
    expect(await receiptsIn(harness.home)).toHaveLength(1);
  });

  it('keychain leaves the key file with --keep-file, which is then not the one in use', async ({
    harness,
  }) => {
    const { vastai, sandbox, home, keychain, saveKey, addKey } = harness;
    const file = await saveKey();
    const ran = await vastai([...TO_KEYCHAIN, '--keep-file', '--json']);
    expect(ran.json().changes).toMatchObject([{ action: 'copy', from: file, to: KEYCHAIN }]);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    const { value } = await addKey({ name: 'newer' });
    await keychain.store('default', value);
    expect(await harness.token()).toBe(value);
    const { sources } = (await vastai(['auth', 'status', '--offline', '--json'])).json();
    expect(sources).toContainEqual(
      expect.objectContaining({
        source: 'file',
        active: false,
        problems: [expect.objectContaining({ code: 'different_copy' })],
      }),
    );
    // A copy that nobody keeps up to date would mislead: the next key takes it away.
    const set = await vastai(['set', 'api-key', value]);
    expect(set.stderr).toContain(`It replaced the key …${sandbox.key.slice(-4)} in ${file}\n`);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('moves the key of one profile, for the API it belongs to', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, saveKey } = harness;
    await saveKey();
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work', '--storage', 'file']);
    expect((await vastai([...TO_KEYCHAIN, '--profile', 'work'], { env: VAST_AI })).status).toBe(0);
    expect(await keychain.lookup('work')).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles).toEqual({
      work: {
        storage: 'keychain',
        url: sandbox.url,
        account: 'you@example.com',
        suffix: sandbox.key.slice(-4),
        key_id: 40,
        key_hash: expect.stringMatching(/^hmac-sha256:/u),
      },
    });
  });

  it('has nothing to do without a key', async ({ harness: { vastai } }) => {
    expect((await vastai([...TO_KEYCHAIN, '--json'])).json()).toEqual({ applied: false, changes: [] });
    expect((await vastai([...TO_FILE, '--json'])).json()).toEqual({ applied: false, changes: [] });
  });

  it('takes an entry along that another program put into the keychain', async ({ harness }) => {
    const { vastai, sandbox, home, keychain } = harness;
    await keychain.store('default', sandbox.key);
    expect((await vastai(TO_FILE)).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBeUndefined();
  });

  it.for([
    { what: 'is locked', to: 'keychain' },
    { what: 'is locked', to: 'file' },
    { what: 'is not there', to: 'keychain' },
    { what: 'is not there', to: 'file' },
  ] as const)(
    '$to fails while the keychain $what, and the key stays where it is',
    async ({ what, to }, { harness }) => {
      const { vastai, keep, sandbox, keychain } = harness;
      await keep(to === 'file' ? 'keychain' : 'file', sandbox.key);
      if (what === 'is locked') await keychain.lock();
      const env = what === 'is locked' ? {} : { DBUS_SESSION_BUS_ADDRESS: undefined };
      const flags = [['--dry-run'], [], ...(to === 'keychain' ? [['--keep-file'], ['--force']] : [])];
      for (const more of flags) {
        const ran = await vastai([...MIGRATE, '--to', to, ...more, '--json'], { env });
        expect(ran.status).toBe(9);
        // Where the key cannot be read, there is another way to pass it; else it works from where it is.
        const { hint } = ran.json().error;
        if (to === 'file') expect(hint).toContain('VAST_API_KEY');
        else
          expect(hint).toMatch(
            /^(?:Unlock .*\n)?Nothing was changed\. The key still works from where it is\.$/u,
          );
      }
      if (what === 'is locked') await keychain.unlock();
      expect(await harness.token()).toBe(sandbox.key);
      expect(await receiptsIn(harness.home)).toEqual([]);
    },
  );

  it('advises --keep-file again where it was given', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, saveKey, addKey, unknownKey } = harness;
    await saveKey();
    const { value } = await addKey({ name: 'other' });
    for (const other of [value, `${await unknownKey()}\n${value}`]) {
      await keychain.store('default', other);
      const ran = await vastai([...TO_KEYCHAIN, '--keep-file', '--json']);
      expect(ran.status).toBe(9);
      const [{ command }] = ran.json().error.advice;
      expect(command).toBe('vastai config migrate --to keychain --keep-file --force');
    }
    expect((await vastai([...TO_KEYCHAIN, '--keep-file', '--force'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
  });

  it.for(['--to cloud', '--keep-file', '--to file --keep-file', '--to keychain --undo'])(
    'is not what is meant by: %s',
    async (flags, { harness: { vastai } }) => {
      const ran = await vastai([...MIGRATE, ...flags.split(' ')]);
      expect(ran.status).toBe(2);
      if (flags.includes('--keep-file')) expect(ran.stderr).toMatch(/^Error: --keep-file needs --to/);
    },
  );
});
