import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, startAccount, type Trouble } from '../../../test/support/account-server.js';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { type ApiKeyRecord, listApiKeys } from '../../api/api-keys.js';
import type { ApiKey } from '../../base/api-key.js';
import { readSettings, recordOf } from '../../config/settings.js';
import type { Context } from '../../credentials/context.js';
import { saveKey } from '../../credentials/save.js';
import { unsavedKeys } from '../../credentials/unsaved-key.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import type { KeyStore } from '../../secrets/store.js';
import { entriesOf, type RotationEntry } from '../ledger/entries.js';
import { addEntry, ledgerTime, readLedger } from '../ledger/ledger.js';
import { beginRotation, takeUpRotation } from './rotate.js';
import type { RotationContext } from './rotation.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const ADMIN = keyOf('admin-key-0123456789ef');
const FORBIDDEN = { status: 403, msg: 'You are not authorized to do this' };
const BROKEN = { status: 400, msg: 'Something is wrong' };
const OLD_STAYS = 'The old key still works.';
const STUCK = 'Another way is needed.';

let account: Account;
beforeEach(async () => {
  account = await startAccount();
  account.add(42, 'laptop', OLD);
  account.add(7, 'admin', ADMIN);
});

/** Opens the context of the account's API. */
const open = () => home.context({}, { url: account.url.origin });

/** Saves a key in the file of the profile. */
async function save(key: ApiKey, id?: number) {
  const context = await open();
  await saveKey(context, context.stores.file, key, { id });
}

interface Options {
  readonly grace?: number;
  /** Makes the store fail. */
  readonly store?: (store: KeyStore) => Partial<KeyStore>;
  /** The key that is sent, if it is not the saved one. */
  readonly by?: ApiKey;
  readonly compare?: RotationContext['compare'];
  readonly signal?: AbortSignal;
  readonly context?: Context;
}

/** Returns a rotation of the saved key 42, or of it by another key, which prints the new one. */
async function rotationWith(options: Options = {}): Promise<RotationContext> {
  const { grace, by, compare = () => undefined, signal = new AbortController().signal } = options;
  const context = options.context ?? (await open());
  const store = { ...context.stores.file, ...options.store?.(context.stores.file) };
  return {
    context,
    id: 42,
    key: by ?? OLD,
    client: account.client(by ?? OLD),
    store: by === undefined ? store : undefined,
    clientOf: async (key) => account.client(key),
    compare,
    grace,
    signal,
  };
}

async function begin(options: Options = {}) {
  const rotation = await rotationWith(options);
  const { value: keys } = await listApiKeys(rotation.client);
  account.requests.length = 0;
  return beginRotation(rotation, keys.find(({ id }) => id === 42) as ApiKeyRecord, keys);
}

const rotations = async () => entriesOf(await readLedger(home.paths), 'rotation');
const ids = () => [...account.keys.keys()];
const stored = async () => (await home.files())['.config/vastai/vast_api_key'];
const made = () => [...account.keys.values()].find(({ id }) => id > 100);
const when = (start: string, trouble: Trouble) => {
  account.trouble = (request) => (request.startsWith(start) ? trouble : undefined);
};

describe('a rotation', () => {
  beforeEach(() => save(OLD, 42));

  it('saves a new key with the same permissions, and deletes the old one with it', async () => {
    const rotated = await begin();
    expect(rotated).toEqual({
      old: { id: 42, name: 'laptop' },
      made: { id: 101, name: expect.stringMatching(/^laptop ~[a-z0-9]{4}$/u), key: made()?.value },
      saved: { storage: 'file', location: home.paths.keyFile('default') },
      expires: undefined,
      deleted: true,
    });
    expect(account.requests).toEqual([
      'POST apikeys by 42',
      'GET users/current by 101',
      'GET apikeys by 42',
      'DELETE apikeys/42 by 101',
    ]);
    expect(made()?.permissions).toEqual({ api: { misc: {} } });
    expect(ids()).toEqual([7, 101]);
    expect(await stored()).toBe(made()?.value.reveal());
    expect(await rotations()).toEqual([]);
    const record = recordOf(await readSettings(home.paths), 'default');
    expect(record).toMatchObject({ storage: 'file', key_id: 101 });
    expect(matchesFingerprint(record?.key_hash, rotated.made.key)).toBe(true);
  });

  it('keeps the old key for as long as was asked for', async () => {
    const before = ledgerTime();
    const rotated = await begin({ grace: 3600 });
    const [entry] = await rotations();
    expect(rotated).toMatchObject({ deleted: false, finishAfter: entry?.finish_after });
    expect(entry).toEqual({
      kind: 'rotation',
      entry: expect.stringMatching(/^[0-9a-f]{16}$/u),
      origin: account.url.origin,
      profile: 'default',
      storage: 'file',
      old: { id: 42, name: 'laptop', fingerprint: expect.any(String) },
      new: { name: rotated.made.name, id: 101, fingerprint: expect.any(String) },
      next: 'delete',
      started: entry?.started,
      finish_after: (entry?.started ?? 0) + 3600,
    });
    expect(entry?.started).toBeGreaterThanOrEqual(before);
    expect(matchesFingerprint(entry?.old.fingerprint, OLD)).toBe(true);
    expect(matchesFingerprint(entry?.new.fingerprint, rotated.made.key)).toBe(true);
    expect(ids()).toEqual([42, 7, 101]);
    expect(await stored()).toBe(made()?.value.reveal());
  });

  it('takes along the date of the old key, and what it has to clean up', async () => {
    const context = await open();
    const common = { origin: account.url.origin, started: 1_790_000_000, maker: fingerprintOf(OLD) };
    const expiry = (id: number) =>
      ({ ...common, kind: 'expiry', entry: `expiry-${id}`, id, name: 'ci', expires: 1_900_000_000 }) as const;
    for (const id of [42, 9]) await addEntry(context, expiry(id));
    const rotated = await begin();
    expect(rotated.expires).toBe(1_900_000_000);
    const left = entriesOf(await readLedger(home.paths), 'expiry');
    expect(left.map(({ id, name, expires }) => [id, name, expires])).toEqual([
      [9, 'ci', 1_900_000_000],
      [101, rotated.made.name, 1_900_000_000],
    ]);
    for (const { maker } of left) expect(matchesFingerprint(maker, rotated.made.key)).toBe(true);
  });

  it('shortens a name that is too long for the ledger, and knows a key without one', async () => {
    account.add(42, 'x'.repeat(5000), OLD);
    expect((await begin({ grace: 1 })).old.name).toBe('x'.repeat(200));
  });

  it('of a key without a name gives it one', async () => {
    account.add(42, null, OLD);
    const rotated = await begin();
    expect(rotated.old.name).toBeNull();
    expect(rotated.made.name).toMatch(/^key 42 ~/u);
  });

  it('of a key with full access asks for no permissions', async () => {
    account.keys.set(42, { id: 42, name: 'laptop', value: OLD, permissions: false });
    await begin();
    expect(made()?.permissions).toBe(false);
  });

  it('leaves what the API never deletes, and says why', async () => {
    when('DELETE', BROKEN);
    expect(await begin()).toMatchObject({
      deleted: false,
      undeletable: expect.stringContaining('Something is wrong'),
    });
    expect(await rotations()).toEqual([]);
    expect(ids()).toEqual([42, 7, 101]);
  });

  it('deletes with the old key if the new one has no session yet', async () => {
    when('DELETE apikeys/42 by 101', { status: 401, msg: 'This needs two factor authentication' });
    expect(await begin()).toMatchObject({ deleted: true });
    expect(account.requests.at(-1)).toBe('DELETE apikeys/42 by 42');
  });

  it('believes that the old key is gone if it is not found, or no longer listed', async () => {
    account.trouble = (request) => {
      if (request.startsWith('DELETE')) account.keys.delete(42);
      return undefined;
    };
    expect(await begin()).toMatchObject({ deleted: true });
    account.add(42, 'laptop', OLD);
    account.keys.delete(101);
    await save(OLD, 42);
    when('DELETE apikeys/42', 'lost after');
    expect(await begin()).toMatchObject({ deleted: true });
    expect(await rotations()).toEqual([]);
  });
});

describe('a rotation that fails', () => {
  beforeEach(() => save(OLD, 42));

  /** Rotates, and returns the error, with the step of the rotation that is still open. */
  async function failure(options: Options = {}) {
    const error = await begin(options).then(
      () => new Error('it did not fail'),
      (thrown: Error & { code?: string; hint?: string; advice?: unknown }) => thrown,
    );
    const [open] = await rotations();
    const { message, code, hint, advice } = error;
    return { message, code, hint, advice, next: open?.next };
  }
  const resume = { do: 'rotate-key', how: 'resume', profile: 'default' };

  it('leaves nothing behind if no key is created', async () => {
    when('POST', FORBIDDEN);
    expect(await failure()).toMatchObject({ code: 'forbidden', next: undefined });
    expect(ids()).toEqual([42, 7]);
    expect(await stored()).toBe(OLD.reveal());
  });

  it('deletes a key that was created without a response', async () => {
    when('POST', 'lost after');
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        / The new key was created and deleted again, because its value is lost\. The old key still works\.$/u,
      ),
      hint: 'Try again.',
      next: undefined,
    });
    expect(ids()).toEqual([42, 7]);
  });

  it('stays open if such a key may still appear', async () => {
    when('POST', 'lost before');
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        / A key named “laptop ~[a-z0-9]{4}” may exist\. The old key still works\.$/u,
      ),
      hint: '',
      advice: [resume],
      next: 'create',
    });
  });

  it('or if it cannot be looked for', async () => {
    account.trouble = (request) => {
      if (request.startsWith('POST')) return 'lost after';
      return request.startsWith('GET') && account.keys.size > 2 ? BROKEN : undefined;
    };
    expect(await failure()).toMatchObject({
      message: expect.stringMatching(/ may exist\. The old key still works\.$/u),
      next: 'create',
    });
    account.keys.delete(101);
  });

  it('and says so if the old key is gone', async () => {
    account.trouble = (request) => {
      if (!request.startsWith('POST')) return undefined;
      account.keys.delete(42);
      return 'lost before';
    };
    expect(await failure()).toMatchObject({
      message: expect.stringMatching(/ may exist\. The old key no longer works\.$/u),
      next: 'create',
    });
  });

  it('deletes a new key that may do something else', async () => {
    const seen: unknown[] = [];
    const compare: RotationContext['compare'] = (old, record) => {
      seen.push([old.id, record.id]);
      return 'It may do more.';
    };
    expect(await failure({ compare })).toEqual({
      code: 'findings',
      message: `It may do more. The new key was deleted. ${OLD_STAYS}`,
      hint: undefined,
      advice: undefined,
      next: undefined,
    });
    expect(seen).toEqual([[42, 101]]);
    expect(ids()).toEqual([42, 7]);
    expect(await stored()).toBe(OLD.reveal());
  });

  it('stays open if that key cannot be deleted', async () => {
    when('DELETE', FORBIDDEN);
    expect(await failure({ compare: () => STUCK })).toMatchObject({
      message: `${STUCK} The new key 101 may still exist. ${OLD_STAYS}`,
      advice: [resume],
      next: 'store',
    });
  });

  it('or says that the old key is gone, if the new one had to delete itself', async () => {
    const compare = () => {
      account.keys.delete(42);
      return STUCK;
    };
    expect(await failure({ compare })).toMatchObject({
      message: `${STUCK} The new key was deleted. The old key no longer works.`,
      next: undefined,
    });
    expect(account.requests.slice(-2)).toEqual([
      'DELETE apikeys/101 by undefined',
      'DELETE apikeys/101 by 101',
    ]);
  });

  it('is left as it is after an interruption', async () => {
    const controller = new AbortController();
    account.trouble = (request) => {
      if (request.startsWith('GET users')) setTimeout(() => controller.abort(), 50);
      return request.startsWith('GET users') ? { status: 401, msg: 'Invalid user key' } : undefined;
    };
    expect(await failure({ signal: controller.signal })).toMatchObject({
      code: 'interrupted',
      message: `Interrupted while checking the new key. The new key 101 may still exist. ${OLD_STAYS}`,
      next: 'store',
    });
    expect(ids()).toContain(101);
  });

  it('deletes a new key that could not be saved', async () => {
    const store = () => ({
      write: async () => {
        throw Object.assign(new Error('It is full.'), { code: 'storage', untouched: true });
      },
    });
    expect(await failure({ store })).toMatchObject({
      message: `It is full. The new key was deleted. ${OLD_STAYS}`,
      next: undefined,
    });
    expect(ids()).toEqual([42, 7]);
    expect(await stored()).toBe(OLD.reveal());
  });

  it('stays open if nobody knows whether it was saved', async () => {
    const store = ({ keep }: KeyStore): Partial<KeyStore> => ({
      keep: async (name) => ({
        ...(await keep(name)),
        putBack: async () => {
          throw new Error('no');
        },
      }),
      write: async () => {
        home.put(home.paths.keyFile('default'), 'two words');
        throw Object.assign(new Error('It broke.'), { code: 'storage' });
      },
    });
    expect(await failure({ store })).toMatchObject({
      message: expect.stringMatching(/^It broke\. .* Both keys, 42 and 101, still exist\.$/u),
      advice: [resume],
      next: 'store',
    });
    expect(ids()).toEqual([42, 7, 101]);
  });

  it('does not replace another key that was saved in the meantime', async () => {
    const compare = () => {
      home.put(home.paths.keyFile('default'), ADMIN.reveal());
      return undefined;
    };
    expect(await failure({ compare })).toMatchObject({
      code: 'storage',
      message: expect.stringMatching(
        /now has a different key .* The new key was deleted\. The old key still works\.$/u,
      ),
      next: undefined,
    });
    expect(await stored()).toBe(ADMIN.reveal());
  });

  it('stays open while the old key may still exist', async () => {
    when('DELETE', FORBIDDEN);
    expect(await failure()).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(
        / Delete the old key with another one, or at https:\S+ The new key …0101 is saved\. The old key 42 may still exist\.$/u,
      ),
      advice: [resume],
      next: 'delete',
    });
    expect(await stored()).toBe(made()?.value.reveal());
  });

  it('also while it is listed after a response that was lost', async () => {
    when('DELETE', 'lost before');
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/ The new key …0101 is saved\. The old key 42 may still exist\.$/u),
      next: 'delete',
    });
  });

  it('is a bug if it is no fault that was foreseen', async () => {
    const compare = () => {
      throw new TypeError('a bug');
    };
    await expect(begin({ compare })).rejects.toThrow(TypeError);
  });
});

describe('a rotation of another key', () => {
  it('hands over the new key, in a file until it is printed, and leaves the old one', async () => {
    const rotated = await begin({ by: ADMIN });
    expect(rotated).toMatchObject({ deleted: false, old: { id: 42 }, made: { id: 101 } });
    expect(rotated).not.toHaveProperty('saved');
    expect(account.requests).toEqual(['POST apikeys by 7', 'GET users/current by 101', 'GET apikeys by 7']);
    expect(await unsavedKeys(home.paths)).toEqual([{ path: rotated.kept?.path }]);
    expect(await rotations()).toEqual([]);
    expect(ids()).toEqual([42, 7, 101]);
  });

  it('notes its date for the key that made it', async () => {
    const maker = fingerprintOf(OLD);
    const common = { origin: account.url.origin, started: 1_790_000_000, maker, entry: 'expiry' };
    await addEntry(await open(), { ...common, kind: 'expiry', id: 42, name: 'ci', expires: 1_900_000_000 });
    expect((await begin({ by: ADMIN })).expires).toBe(1_900_000_000);
    const [, noted] = entriesOf(await readLedger(home.paths), 'expiry');
    expect(noted?.id).toBe(101);
    expect(matchesFingerprint(noted?.maker, ADMIN)).toBe(true);
  });

  it('is not half done if it cannot be closed', async () => {
    const compare = () => {
      home.put(home.paths.ledgerFile, '{');
      return undefined;
    };
    await expect(begin({ by: ADMIN, compare })).rejects.toMatchObject({
      code: 'storage',
      message: `${home.paths.ledgerFile} is not valid JSON. The new key was deleted. ${OLD_STAYS}`,
    });
    expect(ids()).toEqual([42, 7]);
    expect(await unsavedKeys(home.paths)).toEqual([]);
  });
});

describe('a rotation that is taken up', () => {
  const NAME = 'laptop ~k3f9';
  const NEW = keyOf('new-key-0123456789wxyz');

  const left = (more: Partial<RotationEntry> = {}): RotationEntry => ({
    kind: 'rotation',
    entry: 'left',
    origin: account.url.origin,
    profile: 'default',
    storage: 'file',
    old: { id: 42, name: 'laptop', fingerprint: fingerprintOf(OLD) },
    new: { name: NAME },
    next: 'create',
    started: 1_790_000_000,
    ...more,
  });
  const whole = { name: NAME, id: 43, fingerprint: fingerprintOf(NEW) };

  /** Goes on with a rotation, with the key that is saved by now. */
  async function takeUp(
    entry: RotationEntry,
    { id, key }: { id: number; key: ApiKey },
    now = false,
    grace?: number,
  ) {
    await addEntry(await open(), entry);
    const rotation = {
      ...(await rotationWith(grace === undefined ? {} : { grace })),
      id,
      key,
      client: account.client(key),
    };
    account.requests.length = 0;
    return takeUpRotation(rotation, entry, now);
  }
  const oldKey = { id: 42, key: OLD };
  const newKey = { id: 43, key: NEW };

  it('deletes what was made before, and makes another key', async () => {
    await save(OLD, 42);
    account.add(43, NAME, NEW);
    expect(await takeUp(left(), oldKey)).toMatchObject({
      made: { id: 101, name: NAME },
      deleted: true,
    });
    expect(ids()).toEqual([7, 101]);
    expect(account.requests).toEqual([
      'GET apikeys by 42',
      'DELETE apikeys/43 by 42',
      'POST apikeys by 42',
      'GET users/current by 101',
      'GET apikeys by 42',
      'GET apikeys by 101',
      'DELETE apikeys/42 by 101',
    ]);
    expect(await rotations()).toEqual([]);
  });

  it('deletes the old key if the new one is saved', async () => {
    await save(NEW, 43);
    account.add(43, NAME, NEW);
    expect(await takeUp(left({ new: whole, next: 'store' }), newKey)).toMatchObject({
      made: { id: 43, name: NAME },
      saved: { storage: 'file' },
      deleted: true,
    });
    expect(ids()).toEqual([7, 43]);
  });

  it('and what a late request has made in the meantime, but not the new key', async () => {
    await save(NEW, 43);
    account.add(43, NAME, NEW);
    account.add(44, NAME, keyOf('late-key-0123456789wxyz'));
    await takeUp(left({ new: whole, next: 'delete' }), newKey);
    expect(ids()).toEqual([7, 43]);
  });

  it('keeps the old key as long as was asked for, unless it is to go now', async () => {
    await save(NEW, 43);
    account.add(43, NAME, NEW);
    const until = ledgerTime() + 1000;
    const entry = left({ new: whole, next: 'store', finish_after: until });
    expect(await takeUp(entry, newKey)).toMatchObject({ deleted: false, finishAfter: until });
    expect(await rotations()).toEqual([{ ...entry, next: 'delete' }]);
    expect(ids()).toEqual([42, 7, 43]);
    const rotation = { ...(await rotationWith()), ...newKey, client: account.client(NEW) };
    expect(await takeUpRotation(rotation, { ...entry, next: 'delete' }, true)).toMatchObject({
      deleted: true,
    });
    expect(ids()).toEqual([7, 43]);
  });

  it('keeps it from now on, if that is asked for now', async () => {
    await save(NEW, 43);
    account.add(43, NAME, NEW);
    const { finishAfter = 0 } =
      (await takeUp(left({ new: whole, next: 'delete' }), newKey, false, 1000)) ?? {};
    expect(finishAfter - ledgerTime()).toBeGreaterThan(990);
    expect(finishAfter - ledgerTime()).toBeLessThanOrEqual(1000);
  });

  it('begins the time to keep the old key anew, where the new one is made anew', async () => {
    await save(OLD, 42);
    const entry = left({ finish_after: 1_790_000_500 });
    const rotated = await takeUp(entry, oldKey);
    const [open] = await rotations();
    expect(open?.started).toBeGreaterThan(1_790_000_000);
    expect(open?.finish_after).toBe((open?.started ?? 0) + 500);
    expect(rotated).toMatchObject({ deleted: false, finishAfter: open?.finish_after });
  });

  it('forgets the date of a key that it makes again', async () => {
    await save(OLD, 42);
    const common = { origin: account.url.origin, started: 1_790_000_000, maker: fingerprintOf(NEW) };
    const expiry = {
      ...common,
      kind: 'expiry',
      entry: 'e',
      id: 43,
      name: 'x',
      expires: 1_900_000_000,
    } as const;
    await addEntry(await open(), expiry);
    await takeUp(left({ new: whole }), oldKey);
    expect(await readLedger(home.paths)).toEqual([]);
  });

  it('is closed if nothing of it is left', async () => {
    await save(ADMIN, 7);
    account.keys.delete(42);
    expect(await takeUp(left({ new: whole }), { id: 7, key: ADMIN })).toBeUndefined();
    expect(await rotations()).toEqual([]);
    expect(account.requests).toEqual(['GET apikeys by 7']);
  });

  const given = (left: string) =>
    `Another key was saved during the rotation of API key 42, so vastai cannot tell which keys are still needed. Left of the rotation: API key ${left}.`;
  const deletion = (id: number, purpose = 'If nothing needs it') => ({ do: 'delete-key', id, purpose });

  it('is left to the person if another key was saved, and either is there', async () => {
    await save(ADMIN, 7);
    account.add(43, NAME, NEW);
    await expect(takeUp(left({ new: whole }), { id: 7, key: ADMIN })).rejects.toMatchObject({
      code: 'storage',
      message: given('42 and 43'),
      advice: [deletion(42), deletion(43)],
    });
    expect(await rotations()).toHaveLength(1);
    account.keys.delete(42);
    const rotation = { ...(await rotationWith()), id: 7, key: ADMIN, client: account.client(ADMIN) };
    await expect(takeUpRotation(rotation, left({ new: whole }), false)).rejects.toMatchObject({
      message: given('43'),
    });
    // A new key that was saved once may be in use elsewhere.
    expect(await takeUpRotation(rotation, left({ new: whole, next: 'delete' }), false)).toBeUndefined();
  });

  it('is left to the person if the old key was saved again', async () => {
    await save(OLD, 42);
    account.add(43, NAME, NEW);
    await expect(takeUp(left({ new: whole, next: 'delete' }), oldKey)).rejects.toMatchObject({
      code: 'storage',
      message:
        'API key 42 was saved again after it was replaced, so vastai cannot tell which keys are still needed. Left of the rotation: API key 43.',
      advice: [
        deletion(43, 'To keep the old key'),
        { do: 'save-key', purpose: 'Or, to use the new one, save it again' },
      ],
    });
    account.keys.delete(43);
    const rotation = await rotationWith();
    expect(await takeUpRotation(rotation, left({ new: whole, next: 'delete' }), false)).toBeUndefined();
    expect(await rotations()).toEqual([]);
  });
});
