import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { expect } from 'vitest';

const KEYCHAIN = 'keychain (vastai, default)';

describe('set api-key, where there is a keychain', () => {
  it('keeps the key there, says so, and writes down where it is and whose', async ({ harness }) => {
    const { vastai, sandbox, home, keychain } = harness;
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('in the keychain (profile "default").');
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await harness.record()).toEqual({
      storage: 'keychain',
      url: sandbox.url,
      account: 'you@example.com',
      suffix: sandbox.key.slice(-4),
      key_id: 40,
      key_hash: expect.stringMatching(/^hmac-sha256:/u),
    });
    expect(await home.read(SETTINGS)).not.toContain(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('says in JSON where the key is', async ({ harness: { vastai, sandbox } }) => {
    const ran = await vastai(['set', 'api-key', sandbox.key, '--json']);
    expect(ran.json()).toEqual({
      profile: 'default',
      url: sandbox.url,
      storage: 'keychain',
      location: KEYCHAIN,
      suffix: sandbox.key.slice(-4),
      verified: 'verified',
    });
  });

  it('removes the older copies once the key is in it, and says which tools that affects', async ({
    harness,
  }) => {
    const { vastai, sandbox, home, keychain, saveKey, unknownKey } = harness;
    const file = await saveKey(await unknownKey());
    const legacy = await home.write(LEGACY_FILE, await unknownKey());
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.stderr).toContain(` in ${file}`);
    expect(ran.stderr).toContain(` in ${legacy}`);
    expect(ran.stderr).toContain('Tools that read that file no longer find a key there');
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    expect(await keychain.lookup('default')).toBe(sandbox.key);
  });

  it('leaves the older copies alone when the key is rejected', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, saveKey, unknownKey } = harness;
    await saveKey();
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai(['set', 'api-key', await unknownKey()]);
    expect(ran.status).toBe(4);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(await home.read(SETTINGS)).toBeUndefined();
  });

  it('keeps it in a file for who asks for that, and takes it out of the keychain', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, addKey } = harness;
    await vastai(['set', 'api-key', sandbox.key]);
    const { value } = await addKey({ name: 'second' });
    const ran = await vastai(['set', 'api-key', value, '--storage', 'file']);
    expect(ran.stderr).toContain(`It replaced the key …${sandbox.key.slice(-4)} in the keychain`);
    expect(await home.read(KEY_FILE)).toBe(value);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await harness.record()).toMatchObject({ storage: 'file' });
    // The variable asks for the same, and the flag comes before it.
    const back = ['set', 'api-key', value, '--storage', 'keychain'];
    expect((await vastai(back, { env: { VASTAI_STORAGE: 'file' } })).status).toBe(0);
    expect(await keychain.lookup('default')).toBe(value);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('does not know another VASTAI_STORAGE', async ({ harness: { vastai, sandbox, asked } }) => {
    const ran = await vastai(['set', 'api-key', sandbox.key], { env: { VASTAI_STORAGE: 'cloud' } });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('VASTAI_STORAGE must be one of auto, keychain, file');
    expect(asked()).toEqual([]);
  });

  it('gives each profile an entry of its own', async ({ harness }) => {
    const { vastai, sandbox, keychain, addKey } = harness;
    const { value } = await addKey({ name: 'work' });
    await vastai(['set', 'api-key', sandbox.key]);
    await vastai(['set', 'api-key', value, '--profile', 'work']);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await keychain.lookup('work')).toBe(value);
    expect(await harness.token()).toBe(sandbox.key);
    expect(await harness.token('--profile', 'work')).toBe(value);
  });
});

describe('a key in the keychain', () => {
  it('is sent, by the commands of a plugin too', async ({ harness: { vastai, sandbox } }) => {
    await vastai(['set', 'api-key', sandbox.key, '--no-verify']);
    for (const command of [
      ['show', 'user'],
      ['show', 'api-keys'],
      ['auth', 'status'],
    ]) {
      expect((await vastai(command)).status).toBe(0);
      expect(sandbox.requests.at(-1)?.authorization).toEqual({ scheme: 'Bearer', keyId: 40 });
    }
  });

  it('is shown by auth status with its place, and printed by auth token', async ({ harness }) => {
    const { vastai, sandbox } = harness;
    await vastai(['set', 'api-key', sandbox.key]);
    const suffix = sandbox.key.slice(-4);
    const report = (await vastai(['auth', 'status', '--json'])).json();
    expect(report.active).toEqual({ source: 'keychain', location: KEYCHAIN, suffix });
    expect(report.sources).toContainEqual({
      source: 'keychain',
      location: KEYCHAIN,
      state: 'present',
      suffix,
      active: true,
      problems: [],
    });
    expect(await harness.token()).toBe(sandbox.key);
  });

  it('is found where secret-tool put it and nothing is on record, behind a key file', async ({ harness }) => {
    const { sandbox, home, keychain, saveKey, addKey, vastai } = harness;
    const { value } = await addKey({ name: 'by secret-tool' });
    await keychain.store('default', `${value}\n`);
    expect(await harness.token()).toBe(value);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    // A read decides nothing.
    expect(await home.read(SETTINGS)).toBeUndefined();
    await saveKey();
    expect(await harness.token()).toBe(sandbox.key);
  });

  it('is left out without a record by VASTAI_STORAGE=file', async ({
    harness: { vastai, sandbox, keychain },
  }) => {
    await keychain.store('default', sandbox.key);
    expect((await vastai(['auth', 'token'], { env: { VASTAI_STORAGE: 'file' } })).status).toBe(3);
  });

  it('is read with VASTAI_STORAGE=file where it is on record', async ({ harness: { vastai, sandbox } }) => {
    await vastai(['set', 'api-key', sandbox.key]);
    const ran = await vastai(['auth', 'token'], { env: { VASTAI_STORAGE: 'file' }, printsKey: true });
    expect(ran.stdout).toBe(`${sandbox.key}\n`);
  });

  it('is replaced there by reset api-key', async ({ harness }) => {
    const { vastai, sandbox, home, keychain } = harness;
    await vastai(['set', 'api-key', sandbox.key]);
    const ran = await vastai(['reset', 'api-key', '--yes', '--json'], { env: { VASTAI_STORAGE: 'file' } });
    expect(ran.status).toBe(0);
    const saved = (await keychain.lookup('default')) ?? '';
    expect(saved).not.toBe(sandbox.key);
    expect(ran.json()).toEqual({ storage: 'keychain', location: KEYCHAIN, suffix: saved.slice(-4) });
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('is not reset when the keychain cannot take another', async ({ harness }) => {
    const { vastai, sandbox, keychain, asked } = harness;
    await vastai(['set', 'api-key', sandbox.key, '--no-verify']);
    await keychain.lock();
    const ran = await vastai(['reset', 'api-key', '--yes']);
    expect(ran.status).toBe(9);
    expect(asked()).toEqual([]);
  });
});

describe('unset api-key, where there is a keychain', () => {
  it('removes the key from it', async ({ harness }) => {
    const { vastai, sandbox, keychain } = harness;
    await vastai(['set', 'api-key', sandbox.key]);
    const ran = await vastai(['unset', 'api-key', '--yes']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe('Removed the key from the keychain\n');
    expect(await keychain.lookup('default')).toBeUndefined();
    expect((await harness.record())?.storage).toBeUndefined();
    expect((await vastai(['auth', 'token'])).status).toBe(3);
  });

  it('removes every copy, also one in the store that is not on record', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, unknownKey } = harness;
    await vastai(['set', 'api-key', sandbox.key, '--storage', 'file']);
    await keychain.store('default', await unknownKey());
    await home.write(LEGACY_FILE, await unknownKey());
    const ran = await vastai(['unset', 'api-key', '--yes', '--json']);
    expect(ran.status).toBe(0);
    expect(
      ran
        .json()
        .removed.map(({ storage }: { storage: string }) => storage)
        .sort(),
    ).toEqual(['file', 'keychain', 'legacy']);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect((await vastai(['auth', 'token'])).status).toBe(3);
  });

  it('removes nothing, and fails, while the keychain is locked', async ({ harness }) => {
    const { vastai, sandbox, keychain } = harness;
    await vastai(['set', 'api-key', sandbox.key]);
    await keychain.lock();
    const ran = await vastai(['unset', 'api-key', '--yes']);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain('The keychain is locked');
    await keychain.unlock();
    expect(await harness.token()).toBe(sandbox.key);
  });

  it('leaves the key in use alone while a locked keychain has another, which must not take its place', async ({
    harness,
  }) => {
    const { vastai, sandbox, home, keychain, keep, unknownKey } = harness;
    await keep('file', sandbox.key);
    await keychain.store('default', await unknownKey());
    await keychain.lock();
    const ran = await vastai(['unset', 'api-key', '--yes']);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(`The key is still in ${KEYCHAIN}`);
    expect(await harness.token()).toBe(sandbox.key);
    const withoutKeychain = { VASTAI_STORAGE: 'file' };
    expect((await vastai(['unset', 'api-key', '--yes'], { env: withoutKeychain })).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('needs no keychain where none is there', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['unset', 'api-key', '--yes', '--json'], {
      env: { DBUS_SESSION_BUS_ADDRESS: undefined },
    });
    expect(ran.status).toBe(0);
    expect(ran.json().removed).toHaveLength(1);
  });
});
