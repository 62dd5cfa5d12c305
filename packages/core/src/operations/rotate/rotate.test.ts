import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { ADMIN, OLD, useRotations } from '../../../test/support/rotations.js';
import { readSettings, recordOf } from '../../config/settings.js';
import { unsavedKeys } from '../../credentials/unsaved-key.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import { entriesOf } from '../ledger/entries.js';
import { addEntry, ledgerTime, readLedger } from '../ledger/ledger.js';

const home = useHome();
const { account, open, save, begin, rotations, ids, stored, made, when } = useRotations(home);
const BROKEN = { status: 400, msg: 'Something is wrong' };
const OLD_STAYS = 'The old key still works.';

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
    expect(account().requests).toEqual([
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

  it('keeps the old key for the grace period', async () => {
    const before = ledgerTime();
    const rotated = await begin({ grace: 3600 });
    const [entry] = await rotations();
    expect(rotated).toMatchObject({ deleted: false, finishAfter: entry?.finish_after });
    expect(entry).toEqual({
      kind: 'rotation',
      entry: expect.stringMatching(/^[0-9a-f]{16}$/u),
      origin: account().url.origin,
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

  it('passes on the expiry date of the old key, and what it has to clean up', async () => {
    const context = await open();
    const common = { origin: account().url.origin, started: 1_790_000_000, maker: fingerprintOf(OLD) };
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

  it('shortens a name that is too long for the ledger', async () => {
    account().add(42, 'x'.repeat(5000), OLD);
    expect((await begin({ grace: 1 })).old.name).toBe('x'.repeat(200));
  });

  it('names the new key if the old one has no name', async () => {
    account().add(42, null, OLD);
    const rotated = await begin();
    expect(rotated.old.name).toBeNull();
    expect(rotated.made.name).toMatch(/^key 42 ~/u);
  });

  it('asks for no permissions if the old key has full access', async () => {
    account().keys.set(42, { id: 42, name: 'laptop', value: OLD, permissions: false });
    await begin();
    expect(made()?.permissions).toBe(false);
  });

  it('leaves a key that the API never deletes, and says why', async () => {
    when('DELETE', BROKEN);
    expect(await begin()).toMatchObject({
      deleted: false,
      undeletable: expect.stringContaining('Something is wrong'),
    });
    expect(await rotations()).toEqual([]);
    expect(ids()).toEqual([42, 7, 101]);
  });

  it('lets the old key delete itself if the new one has no session yet', async () => {
    when('DELETE apikeys/42 by 101', { status: 401, msg: 'This needs two factor authentication' });
    expect(await begin()).toMatchObject({ deleted: true });
    expect(account().requests.at(-1)).toBe('DELETE apikeys/42 by 42');
  });

  it('accepts that the old key is gone if it is not found or no longer listed', async () => {
    account().trouble = (request) => {
      if (request.startsWith('DELETE')) account().keys.delete(42);
      return undefined;
    };
    expect(await begin()).toMatchObject({ deleted: true });
    account().add(42, 'laptop', OLD);
    account().keys.delete(101);
    await save(OLD, 42);
    when('DELETE apikeys/42', 'lost after');
    expect(await begin()).toMatchObject({ deleted: true });
    expect(await rotations()).toEqual([]);
  });
});

describe('a rotation of another key', () => {
  it('hands over the new key, in a file until it is printed, and leaves the old one', async () => {
    const rotated = await begin({ by: ADMIN });
    expect(rotated).toMatchObject({ deleted: false, old: { id: 42 }, made: { id: 101 } });
    expect(rotated).not.toHaveProperty('saved');
    expect(account().requests).toEqual(['POST apikeys by 7', 'GET users/current by 101', 'GET apikeys by 7']);
    expect(await unsavedKeys(home.paths)).toEqual([{ path: rotated.kept?.path }]);
    expect(await rotations()).toEqual([]);
    expect(ids()).toEqual([42, 7, 101]);
  });

  it('records the expiry date under the key that made it', async () => {
    const maker = fingerprintOf(OLD);
    const common = { origin: account().url.origin, started: 1_790_000_000, maker, entry: 'expiry' };
    await addEntry(await open(), { ...common, kind: 'expiry', id: 42, name: 'ci', expires: 1_900_000_000 });
    expect((await begin({ by: ADMIN })).expires).toBe(1_900_000_000);
    const [, noted] = entriesOf(await readLedger(home.paths), 'expiry');
    expect(noted?.id).toBe(101);
    expect(matchesFingerprint(noted?.maker, ADMIN)).toBe(true);
  });

  it('deletes the new key if the rotation cannot be closed', async () => {
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
