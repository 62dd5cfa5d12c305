import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { broken, IN_KEYCHAIN, KEYCHAIN, useTwoStores } from '../../test/support/two-stores.js';
import { StorageError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import type { KeyStore } from '../secrets/store.js';
import { saveKey } from './save.js';

const home = useHome();
const stores = useTwoStores(home);
const { open, record, recorded } = stores;
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-9876543210wxyz');
const OTHER_URL = 'https://staging.example';
const save = (kind: KeyStore['kind'], key = NEW) => stores.save(kind, key);

describe('a save in the keychain that fails', () => {
  it('changes nothing if the old key cannot be backed up', async () => {
    await save('file', OLD);
    const before = await home.files();
    const context = await open(() => ({ keep: broken() }));
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toThrow('It hangs.');
    expect(await home.files()).toEqual(before);
  });

  it('says so if the old key cannot be put back', async () => {
    await save('keychain', OLD);
    const context = await open(({ keep, write }) => ({
      keep: async (name) => ({ ...(await keep(name)), putBack: broken('Nor does it go back.') }),
      async write(name, key) {
        await write(name, key);
        throw new StorageError('It hangs.', [{ do: 'unlock-keychain' }]);
      },
    }));
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(
        /^It hangs\. The new key \(…wxyz\) may be in keychain \(vastai, default\) instead of the old one \(…abcd\)\. The old file is kept as .*\.$/,
      ),
      advice: [
        { do: 'unlock-keychain' },
        { do: 'save-key', url: DEFAULT_URL, purpose: 'Save the key again' },
      ],
    });
    // The settings did not change, so the record is right for either key.
    expect(await record()).toMatchObject({ storage: 'keychain', url: DEFAULT_URL });
  });

  it('says which API the profile is set to if there was no key before', async () => {
    await recorded({ storage: 'keychain' });
    const context = await open(
      ({ keep }) => ({
        keep: async (name) => ({ ...(await keep(name)), putBack: broken('Nor does it go back.') }),
        write: broken(),
      }),
      { url: OTHER_URL },
    );
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      message: `It hangs. The new key (…wxyz) may be in ${KEYCHAIN}. Profile "default" is now set to ${OTHER_URL}.`,
    });
  });

  it('puts nothing back if the store was not touched', async () => {
    await save('keychain', OLD);
    const before = await home.files();
    const context = await open(
      ({ keep }) => ({
        keep: async (name) => ({ ...(await keep(name)), putBack: broken('Not needed.') }),
        write: async () => {
          throw Object.assign(new StorageError('It is locked.', ''), { untouched: true });
        },
      }),
      { url: OTHER_URL },
    );
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      message: 'It is locked.',
    });
    expect(await home.files()).toEqual(before);
  });

  it('reports a bug as it is', async () => {
    await save('keychain', OLD);
    const before = await home.files();
    const context = await open(() => ({
      write: async () => {
        throw new TypeError('a bug');
      },
    }));
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toThrow(TypeError);
    expect(await home.files()).toEqual(before);
  });

  it('puts back an unreadable key', async () => {
    await save('keychain', OLD);
    home.put(home.at(IN_KEYCHAIN), 'two words');
    const before = await home.files();
    const context = await open(({ read }) => {
      let isFirst = true;
      return {
        async read(name) {
          const lookup = await read(name);
          const isNew = isFirst && lookup.state === 'present';
          isFirst = !isNew;
          return isNew ? { state: 'absent' } : lookup;
        },
      };
    });
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      message: `${KEYCHAIN} does not return the key that was just written to it.`,
    });
    expect(await home.files()).toEqual(before);
  });

  it('does not fail if only the backup could not be removed', async () => {
    await save('keychain', OLD);
    const context = await open(({ keep }) => ({
      keep: async (name) => ({ ...(await keep(name)), letGo: broken('It stays.') }),
    }));
    expect(await saveKey(context, context.stores.keychain, NEW)).toMatchObject({ left: ['It stays.'] });
  });
});

describe('the store after a failed save', () => {
  /** Saves a key, which fails; the old one is put back as `after`. Returns what is said. */
  async function said(before: string | undefined, after: string | undefined) {
    if (before !== undefined) home.put(home.at(IN_KEYCHAIN), before);
    const context = await open(({ keep }) => ({
      keep: async (name) => ({
        ...(await keep(name)),
        putBack: async () => {
          rmSync(home.at(IN_KEYCHAIN), { force: true });
          if (after !== undefined) home.put(home.at(IN_KEYCHAIN), after);
        },
      }),
      write: broken(),
    }));
    return saveKey(context, context.stores.keychain, NEW).catch((error: Error) => error.message);
  }
  const key = OLD.reveal();

  it.each([
    ['the old key', key, key],
    ['no key, as before', undefined, undefined],
    ['an unreadable key, as before', 'two words', 'three more words'],
  ])('is as before with %s', async (_, before, after) => {
    expect(await said(before, after)).toBe('It hangs.');
  });

  it.each([
    ['another key', key, 'another-key-0123456789'],
    ['no key', key, undefined],
    ['an unreadable key', key, 'two words'],
    ['a key that was not there', undefined, key],
    ['a key in place of an unreadable one', 'two words', key],
  ])('is in doubt with %s', async (_, before, after) => {
    expect(await said(before, after)).toMatch(/^It hangs\. The new key \(…wxyz\) may be in /u);
  });
});
