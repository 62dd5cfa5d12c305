import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { ADMIN, OLD, useRotations } from '../../../test/support/rotations.js';
import type { ApiKey } from '../../base/api-key.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import type { RotationEntry } from '../ledger/entries.js';
import { addEntry, ledgerTime, readLedger } from '../ledger/ledger.js';
import { takeUpRotation } from './rotate.js';

const home = useHome();
const { account, open, save, rotationWith, rotations, ids } = useRotations(home);

describe('a resumed rotation', () => {
  const NAME = 'laptop ~k3f9';
  const NEW = keyOf('new-key-0123456789wxyz');

  const left = (more: Partial<RotationEntry> = {}): RotationEntry => ({
    kind: 'rotation',
    entry: 'left',
    origin: account().url.origin,
    profile: 'default',
    storage: 'file',
    old: { id: 42, name: 'laptop', fingerprint: fingerprintOf(OLD) },
    new: { name: NAME },
    next: 'create',
    started: 1_790_000_000,
    ...more,
  });
  const whole = { name: NAME, id: 43, fingerprint: fingerprintOf(NEW) };

  /** Continues a rotation with the key that is now saved. */
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
      client: account().client(key),
    };
    account().requests.length = 0;
    return takeUpRotation(rotation, entry, now);
  }
  const oldKey = { id: 42, key: OLD };
  const newKey = { id: 43, key: NEW };

  it('deletes the key made before, and makes another one', async () => {
    await save(OLD, 42);
    account().add(43, NAME, NEW);
    expect(await takeUp(left(), oldKey)).toMatchObject({
      made: { id: 101, name: NAME },
      deleted: true,
    });
    expect(ids()).toEqual([7, 101]);
    expect(account().requests).toEqual([
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
    account().add(43, NAME, NEW);
    expect(await takeUp(left({ new: whole, next: 'store' }), newKey)).toMatchObject({
      made: { id: 43, name: NAME },
      saved: { storage: 'file' },
      deleted: true,
    });
    expect(ids()).toEqual([7, 43]);
  });

  it('deletes what a late request created, but not the new key', async () => {
    await save(NEW, 43);
    account().add(43, NAME, NEW);
    account().add(44, NAME, keyOf('late-key-0123456789wxyz'));
    await takeUp(left({ new: whole, next: 'delete' }), newKey);
    expect(ids()).toEqual([7, 43]);
  });

  it('keeps the old key for the grace period, unless told to finish now', async () => {
    await save(NEW, 43);
    account().add(43, NAME, NEW);
    const until = ledgerTime() + 1000;
    const entry = left({ new: whole, next: 'store', finish_after: until });
    expect(await takeUp(entry, newKey)).toMatchObject({ deleted: false, finishAfter: until });
    expect(await rotations()).toEqual([{ ...entry, next: 'delete' }]);
    expect(ids()).toEqual([42, 7, 43]);
    const rotation = { ...(await rotationWith()), ...newKey, client: account().client(NEW) };
    expect(await takeUpRotation(rotation, { ...entry, next: 'delete' }, true)).toMatchObject({
      deleted: true,
    });
    expect(ids()).toEqual([7, 43]);
  });

  it('counts a new grace period from now', async () => {
    await save(NEW, 43);
    account().add(43, NAME, NEW);
    const { finishAfter = 0 } =
      (await takeUp(left({ new: whole, next: 'delete' }), newKey, false, 1000)) ?? {};
    expect(finishAfter - ledgerTime()).toBeGreaterThan(990);
    expect(finishAfter - ledgerTime()).toBeLessThanOrEqual(1000);
  });

  it('restarts the grace period if it makes the new key again', async () => {
    await save(OLD, 42);
    const entry = left({ finish_after: 1_790_000_500 });
    const rotated = await takeUp(entry, oldKey);
    const [open] = await rotations();
    expect(open?.started).toBeGreaterThan(1_790_000_000);
    expect(open?.finish_after).toBe((open?.started ?? 0) + 500);
    expect(rotated).toMatchObject({ deleted: false, finishAfter: open?.finish_after });
  });

  it('forgets the expiry date of a key that it makes again', async () => {
    await save(OLD, 42);
    const common = { origin: account().url.origin, started: 1_790_000_000, maker: fingerprintOf(NEW) };
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

  it('is closed if neither key is left', async () => {
    await save(ADMIN, 7);
    account().keys.delete(42);
    expect(await takeUp(left({ new: whole }), { id: 7, key: ADMIN })).toBeUndefined();
    expect(await rotations()).toEqual([]);
    expect(account().requests).toEqual(['GET apikeys by 7']);
  });

  const given = (left: string) =>
    `Another key was saved during the rotation of API key 42, so vastai cannot tell which keys are still needed. Left over from the rotation: API key ${left}.`;
  const deletion = (id: number, purpose = 'If nothing needs it') => ({ do: 'delete-key', id, purpose });

  it('is left to the user if another key was saved and one of the two exists', async () => {
    await save(ADMIN, 7);
    account().add(43, NAME, NEW);
    await expect(takeUp(left({ new: whole }), { id: 7, key: ADMIN })).rejects.toMatchObject({
      code: 'storage',
      message: given('42 and 43'),
      advice: [deletion(42), deletion(43)],
    });
    expect(await rotations()).toHaveLength(1);
    account().keys.delete(42);
    const rotation = { ...(await rotationWith()), id: 7, key: ADMIN, client: account().client(ADMIN) };
    await expect(takeUpRotation(rotation, left({ new: whole }), false)).rejects.toMatchObject({
      message: given('43'),
    });
    // A new key that was saved once may be in use elsewhere.
    expect(await takeUpRotation(rotation, left({ new: whole, next: 'delete' }), false)).toBeUndefined();
  });

  it('is left to the user if the old key was saved again', async () => {
    await save(OLD, 42);
    account().add(43, NAME, NEW);
    await expect(takeUp(left({ new: whole, next: 'delete' }), oldKey)).rejects.toMatchObject({
      code: 'storage',
      message:
        'API key 42 was saved again after it was replaced, so vastai cannot tell which keys are still needed. Left over from the rotation: API key 43.',
      advice: [
        deletion(43, 'To keep the old key'),
        { do: 'save-key', purpose: 'Or, to use the new one, save it again' },
      ],
    });
    account().keys.delete(43);
    const rotation = await rotationWith();
    expect(await takeUpRotation(rotation, left({ new: whole, next: 'delete' }), false)).toBeUndefined();
    expect(await rotations()).toEqual([]);
  });
});
