import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, startAccount } from '../../../test/support/account-server.js';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { type ApiKeyRecord, listApiKeys } from '../../api/api-keys.js';
import type { ApiKey } from '../../base/api-key.js';
import { saveKey } from '../../credentials/save.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import { type ExpiryEntry, entriesOf, type RotationEntry } from '../ledger/entries.js';
import { addEntry, ledgerTime, readLedger } from '../ledger/ledger.js';
import { beginRotation, takeUpRotation } from './rotate.js';
import type { RotationContext } from './rotation.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-0123456789wxyz');
const TWO_FACTOR = { status: 401, msg: 'This needs two factor authentication' };

let account: Account;
beforeEach(async () => {
  account = await startAccount();
  account.add(42, 'laptop', OLD);
});

async function rotationOf(id: number, key: ApiKey): Promise<RotationContext> {
  const context = await home.context({}, { url: account.url.origin });
  return {
    context,
    id,
    key,
    client: account.client(key),
    store: context.stores.file,
    clientOf: async (made) => account.client(made),
    compare: () => undefined,
    grace: undefined,
    signal: new AbortController().signal,
  };
}

async function save(key: ApiKey, id: number) {
  const context = await home.context({}, { url: account.url.origin });
  await saveKey(context, context.stores.file, key, { id });
}

async function begin(more: Partial<RotationContext> = {}) {
  await save(OLD, 42);
  const rotation = { ...(await rotationOf(42, OLD)), ...more };
  const { value: keys } = await listApiKeys(rotation.client);
  return beginRotation(rotation, keys.find(({ id }) => id === 42) as ApiKeyRecord, keys);
}

const expiry = (id: number, more: Partial<ExpiryEntry> = {}): ExpiryEntry => ({
  kind: 'expiry',
  entry: `expiry-${id}`,
  origin: account.url.origin,
  id,
  name: 'ci',
  expires: 1_900_000_000,
  maker: fingerprintOf(NEW),
  started: 1_790_000_000,
  ...more,
});
const note = async (...entries: (ExpiryEntry | RotationEntry)[]) => {
  for (const entry of entries) await addEntry({ paths: home.paths }, entry);
};
const expiries = async () => entriesOf(await readLedger(home.paths), 'expiry').map(({ id }) => id);
const rotations = async () => entriesOf(await readLedger(home.paths), 'rotation');

describe('the expiry date of a rotated key', () => {
  it('is found by the ID and the API of the key', async () => {
    await note(
      expiry(42, { entry: 'elsewhere', origin: 'https://staging.example', expires: 1 }),
      expiry(9),
      expiry(42),
    );
    expect((await begin()).expires).toBe(1_900_000_000);
    expect(await expiries()).toEqual([42, 9, 101]);
  });

  it('is undefined if none is noted for it', async () => {
    await note(expiry(9));
    expect((await begin()).expires).toBeUndefined();
    expect(await expiries()).toEqual([9]);
  });

  it('stays with a key that the API never deletes', async () => {
    await note(expiry(42));
    account.trouble = (request) =>
      request.startsWith('DELETE') ? { status: 400, msg: 'It is a primary key' } : undefined;
    expect(await begin()).toMatchObject({ deleted: false });
    expect(await expiries()).toEqual([42, 101]);
  });
});

describe('a rotation whose new key is saved', () => {
  it.each([
    [409, 'Something is in the way'],
    [401, 'Invalid user key'],
  ])('stays open after any other API error: %s', async (status, msg) => {
    account.trouble = (request) => (request.startsWith('DELETE') ? { status, msg } : undefined);
    await expect(begin()).rejects.toMatchObject({
      message: expect.stringMatching(/ The new key …0101 is saved\. The old key 42 may still exist\.$/u),
    });
    expect(await rotations()).toMatchObject([{ next: 'delete' }]);
  });

  it('stays open if the ledger cannot be written', async () => {
    const store = (await rotationOf(42, OLD)).context.stores.file;
    const letGo = async () => home.put(home.paths.ledgerFile, '{');
    await expect(
      begin({ store: { ...store, keep: async (name) => ({ ...(await store.keep(name)), letGo }) } }),
    ).rejects.toMatchObject({
      code: 'storage',
      message: `${home.paths.ledgerFile} is not valid JSON. The new key …0101 is saved. The old key 42 still exists.`,
      advice: [{ do: 'rotate-key', how: 'resume', profile: 'default' }],
    });
  });

  it('stays open after a bug', async () => {
    let calls = 0;
    const clientOf = async (key: ApiKey) => {
      calls += 1;
      if (calls > 1) throw new TypeError('a bug');
      return account.client(key);
    };
    await expect(begin({ clientOf })).rejects.toThrow(TypeError);
    expect(await rotations()).toMatchObject([{ next: 'delete' }]);
  });
});

describe('a rotation resumed after the new key was saved', () => {
  const left = (more: Partial<RotationEntry> = {}): RotationEntry => ({
    kind: 'rotation',
    entry: 'left',
    origin: account.url.origin,
    profile: 'default',
    storage: 'file',
    old: { id: 42, name: 'laptop', fingerprint: fingerprintOf(OLD) },
    new: { name: 'laptop ~k3f9', id: 43, fingerprint: fingerprintOf(NEW) },
    next: 'delete',
    started: 1_790_000_000,
    ...more,
  });

  async function takeUp(entry: RotationEntry) {
    account.add(43, 'laptop ~k3f9', NEW);
    await save(NEW, 43);
    await note(entry);
    return takeUpRotation(await rotationOf(43, NEW), entry, false);
  }

  it('deletes the old key once the grace period is over', async () => {
    expect(await takeUp(left({ finish_after: ledgerTime() - 1 }))).toMatchObject({ deleted: true });
    expect(await rotations()).toEqual([]);
  });

  it('needs a login with the new key, which alone can delete the old one', async () => {
    account.trouble = (request) => (request.startsWith('DELETE') ? TWO_FACTOR : undefined);
    await expect(takeUp(left())).rejects.toMatchObject({
      code: 'two_factor',
      advice: [
        { do: 'tfa-login', profile: 'default' },
        { do: 'rotate-key', how: 'resume', profile: 'default' },
      ],
    });
    expect(account.requests.filter((request) => request.startsWith('DELETE'))).toEqual([
      'DELETE apikeys/42 by 43',
    ]);
  });

  it('says what to do if the new key was revoked', async () => {
    account.trouble = (request) => {
      if (request.startsWith('GET')) account.keys.delete(43);
      return undefined;
    };
    await expect(takeUp(left())).rejects.toMatchObject({
      code: 'key_rejected',
      advice: [
        { do: 'rotate-key', how: 'resume', profile: 'default' },
        { do: 'save-key', profile: 'default', purpose: 'If the new key was revoked, save another one' },
      ],
    });
  });
});
