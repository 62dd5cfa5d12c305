import { mkdir } from 'node:fs/promises';
import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { expect } from 'vitest';

const MIGRATE = ['config', 'migrate'];
const TO_KEYCHAIN = [...MIGRATE, '--to', 'keychain'];
const TO_FILE = [...MIGRATE, '--to', 'file'];
const KEYCHAIN = 'keychain (vastai, default)';
/** Saves a key for Vast.ai's own API, without asking it. */
const SET = ['set', 'api-key', '-', '--no-verify'];
const VAST_AI = { VAST_URL: undefined };

describe('config migrate with a legacy file', () => {
  it('moves its key all the way into the keychain, and planned to', async ({ harness }) => {
    const { vastai, sandbox, home, keychain } = harness;
    const legacy = await home.write(LEGACY_FILE, `${sandbox.key}\n`);
    const moves = [
      { step: 'legacy-file', action: 'move', from: legacy, to: home.at(KEY_FILE) },
      { step: 'between-stores', action: 'move', from: home.at(KEY_FILE), to: KEYCHAIN },
    ];
    const plan = (await vastai([...TO_KEYCHAIN, '--dry-run', '--json'])).json();
    expect(plan.changes).toMatchObject(moves);
    const ran = await vastai([...TO_KEYCHAIN, '--json']);
    expect(ran.json().changes).toMatchObject(moves);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    // Back goes the move between the stores; the legacy file is never written.
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
  });

  it('drops it where the keychain has the same key, and leaves another one alone', async ({ harness }) => {
    const { vastai, sandbox, home, unknownKey } = harness;
    await vastai(SET, { input: sandbox.key, env: VAST_AI });
    await home.write(LEGACY_FILE, sandbox.key);
    const dropped = (await vastai([...MIGRATE, '--json'])).json();
    expect(dropped.changes).toMatchObject([{ step: 'legacy-file', action: 'drop' }]);
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    const other = await unknownKey();
    await home.write(LEGACY_FILE, other);
    const left = { step: 'legacy-file', action: 'report' };
    expect((await vastai([...MIGRATE, '--json'])).json()).toMatchObject({ applied: false, changes: [left] });
    const moved = (await vastai([...TO_FILE, '--json'])).json();
    expect(moved).toMatchObject({ applied: true, changes: [left, { step: 'between-stores' }] });
    expect(await home.read(LEGACY_FILE)).toBe(other);
    expect(await harness.token()).toBe(sandbox.key);
  });

  it('fails, and leaves it, while the keychain that has the key is locked', async ({ harness }) => {
    const { vastai, sandbox, home, keychain } = harness;
    await vastai(SET, { input: sandbox.key, env: VAST_AI });
    await home.write(LEGACY_FILE, sandbox.key);
    await keychain.lock();
    expect((await vastai(MIGRATE)).status).toBe(9);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
  });

  it('leaves one alone that cannot be read, and says why', async ({ harness }) => {
    const { vastai, keep, home, sandbox, keychain } = harness;
    await keep('keychain', sandbox.key);
    await mkdir(home.at(LEGACY_FILE), { mode: 0o700 });
    const ran = await vastai([...TO_FILE, '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json().changes).toMatchObject([
      { step: 'legacy-file', action: 'report', note: expect.stringContaining('not a regular file') },
      { step: 'between-stores', action: 'move' },
    ]);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await harness.token()).toBe(sandbox.key);
  });
});
