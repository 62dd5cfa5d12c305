import { readdir, stat } from 'node:fs/promises';
import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { expect } from 'vitest';
import { receiptsIn } from '../support/receipts.js';

const MIGRATE = ['config', 'migrate'];
const TO_KEYCHAIN = [...MIGRATE, '--to', 'keychain'];
const TO_FILE = [...MIGRATE, '--to', 'file'];
const KEYCHAIN = 'keychain (vastai, default)';

describe('config migrate --undo', () => {
  it('takes the last move back, and the one before it the next time', async ({ harness }) => {
    const { vastai, keep, sandbox } = harness;
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    await vastai(TO_FILE);
    const undo = [...MIGRATE, '--undo', '--json'];
    expect((await vastai([...undo, '--dry-run'])).json()).toMatchObject({
      applied: false,
      changes: [{ action: 'move', to: KEYCHAIN }],
    });
    expect((await harness.record())?.storage).toBe('file');
    expect((await vastai(undo)).json()).toMatchObject({ applied: true, changes: [{ to: KEYCHAIN }] });
    expect((await harness.record())?.storage).toBe('keychain');
    expect((await vastai(undo)).json()).toMatchObject({ applied: true, changes: [{ from: KEYCHAIN }] });
    expect((await harness.record())?.storage).toBe('file');
    expect((await vastai(undo)).json()).toEqual({ applied: false, changes: [] });
    expect(await harness.token()).toBe(sandbox.key);
    expect(await receiptsIn(harness.home)).toEqual([]);
  });

  it('takes the key along that is there now, not the one that was moved', async ({ harness }) => {
    const { vastai, keep, sandbox, home, keychain, addKey } = harness;
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    const { value } = await addKey({ name: 'newer' });
    await keep('keychain', value);
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(value);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await harness.token()).toBe(value);
  });

  it('changes nothing where the key is back already, or gone', async ({ harness }) => {
    const { vastai, keep, sandbox } = harness;
    const undo = [...MIGRATE, '--undo', '--json'];
    const nothing = { applied: false, changes: [] };
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    await keep('file', sandbox.key);
    expect((await vastai(undo)).json()).toEqual(nothing);
    await vastai(TO_KEYCHAIN);
    await vastai(['unset', 'api-key', '--yes']);
    expect((await vastai(undo)).json()).toEqual(nothing);
    expect((await vastai(['auth', 'token'])).status).toBe(3);
  });

  it('fails while the keychain is locked, and works when it is not', async ({ harness }) => {
    const { vastai, keep, sandbox, keychain } = harness;
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    await keychain.lock();
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(9);
    await keychain.unlock();
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(0);
    expect(await harness.token()).toBe(sandbox.key);
    expect((await harness.record())?.storage).toBe('file');
  });

  it('undoes a profile by its own receipt', async ({ harness }) => {
    const { vastai, keep, sandbox, home, keychain } = harness;
    await keep('file', sandbox.key);
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    await vastai([...TO_KEYCHAIN, '--profile', 'work']);
    await vastai(TO_KEYCHAIN);
    await vastai([...MIGRATE, '--undo', '--profile', 'work']);
    expect(await keychain.lookup('work')).toBeUndefined();
    expect(await keychain.lookup('default')).toBe(sandbox.key);
  });

  it('uses a receipt that only its owner can read, and that contains no key', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    const from = await saveKey();
    await vastai(TO_KEYCHAIN);
    const receipts = await receiptsIn(harness.home);
    expect(receipts).toHaveLength(1);
    for (const { path, text } of receipts) {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(text).not.toContain(sandbox.key);
      expect(JSON.parse(text)).toMatchObject({
        version: 1,
        profile: 'default',
        changes: [{ step: 'between-stores', action: 'move', from, to: KEYCHAIN }],
      });
    }
    for (const folder of ['.local/state/vastai', '.local/state/vastai/migrations'])
      expect((await stat(home.at(folder))).mode & 0o777).toBe(0o700);
  });

  it('finds its receipts by XDG_STATE_HOME', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    const env = { XDG_STATE_HOME: home.at('state') };
    await vastai(TO_KEYCHAIN, { env });
    expect(await readdir(home.at('state/vastai/migrations'))).toHaveLength(1);
    expect((await vastai([...MIGRATE, '--undo'])).stdout).toBe('Nothing to undo.\n');
    await vastai([...MIGRATE, '--undo'], { env });
    expect((await harness.record())?.storage).toBe('file');
  });

  it.for([
    '',
    '{',
    'null',
    '{"version":2,"profile":"default","changes":[]}',
    '{"version":1,"profile":"default","changes":[null]}',
  ])('cannot go by a receipt that holds %j, and says so', async (text, { harness }) => {
    const { vastai, keep, home, sandbox } = harness;
    await keep('file', sandbox.key);
    const path = await home.write('.local/state/vastai/migrations/9.json', text);
    const ran = await vastai([...MIGRATE, '--undo', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toContain(path);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('does not move anything where no receipt can be written', async ({ harness }) => {
    const { vastai, home, sandbox, keychain, saveKey } = harness;
    await saveKey();
    await home.write('.local/state/vastai', 'a file in the place of the folder');
    expect((await vastai(TO_KEYCHAIN)).status).toBe(9);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});
