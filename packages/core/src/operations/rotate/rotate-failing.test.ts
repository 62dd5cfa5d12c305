import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { ADMIN, OLD, type RotationOptions, useRotations } from '../../../test/support/rotations.js';
import type { VastaiError } from '../../base/errors.js';
import type { KeyStore } from '../../secrets/store.js';
import type { RotationContext } from './rotation.js';

const home = useHome();
const { account, save, begin, rotations, ids, stored, made, when } = useRotations(home);
const FORBIDDEN = { status: 403, msg: 'You are not authorized to do this' };
const BROKEN = { status: 400, msg: 'Something is wrong' };
const OLD_STAYS = 'The old key still works.';
const STUCK = 'Another way is needed.';

describe('a rotation that fails', () => {
  beforeEach(() => save(OLD, 42));

  /** Rotates, and returns the error, with the step of the rotation that is still open. */
  async function failure(options: RotationOptions = {}) {
    const error = await begin(options).then(
      (): Partial<VastaiError> => ({ message: 'it did not fail' }),
      (thrown: Partial<VastaiError>) => thrown,
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

  it('deletes a key that was created if the response was lost', async () => {
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

  it('stays open if such a key cannot be looked for', async () => {
    account().trouble = (request) => {
      if (request.startsWith('POST')) return 'lost after';
      return request.startsWith('GET') && account().keys.size > 2 ? BROKEN : undefined;
    };
    expect(await failure()).toMatchObject({
      message: expect.stringMatching(/ may exist\. The old key still works\.$/u),
      next: 'create',
    });
    account().keys.delete(101);
  });

  it('says so if the old key is gone', async () => {
    account().trouble = (request) => {
      if (!request.startsWith('POST')) return undefined;
      account().keys.delete(42);
      return 'lost before';
    };
    expect(await failure()).toMatchObject({
      message: expect.stringMatching(/ may exist\. The old key no longer works\.$/u),
      next: 'create',
    });
  });

  it('deletes a new key with other permissions', async () => {
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

  it('says that the old key is gone if the new one had to delete itself', async () => {
    const compare = () => {
      account().keys.delete(42);
      return STUCK;
    };
    expect(await failure({ compare })).toMatchObject({
      message: `${STUCK} The new key was deleted. The old key no longer works.`,
      next: undefined,
    });
    expect(account().requests.slice(-2)).toEqual([
      'DELETE apikeys/101 by undefined',
      'DELETE apikeys/101 by 101',
    ]);
  });

  it('is left as it is after an interruption', async () => {
    const controller = new AbortController();
    account().trouble = (request) => {
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

  it('stays open if it is unknown whether the new key was saved', async () => {
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

  it('stays open while the old key is still listed after a lost response', async () => {
    when('DELETE', 'lost before');
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/ The new key …0101 is saved\. The old key 42 may still exist\.$/u),
      next: 'delete',
    });
  });

  it('throws an unexpected error as it is', async () => {
    const compare = () => {
      throw new TypeError('a bug');
    };
    await expect(begin({ compare })).rejects.toThrow(TypeError);
  });
});
