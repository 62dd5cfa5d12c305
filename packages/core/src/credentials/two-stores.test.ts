import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { broken, IN_KEYCHAIN, KEYCHAIN, useTwoStores } from '../../test/support/two-stores.js';
import { UsageError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import type { KeyStore } from '../secrets/store.js';
import { chooseStore } from './choose-store.js';
import { removeKeys } from './remove.js';
import { saveKey } from './save.js';

const home = useHome();
const stores = useTwoStores(home);
const { open, record, recorded, file } = stores;
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-9876543210wxyz');
const OTHER_URL = 'https://staging.example';
const save = (kind: KeyStore['kind'], key = NEW) => stores.save(kind, key);

describe('saving a key in the keychain', () => {
  it('removes the copy in the file, says which key it was, and records the suffix of the new one', async () => {
    home.put(file(), OLD.reveal());
    home.put(home.paths.legacyFile, NEW.reveal());
    expect(await save('keychain')).toEqual({
      storage: 'keychain',
      location: KEYCHAIN,
      removed: [file(), home.paths.legacyFile],
      replaced: [{ location: file(), suffix: 'abcd' }],
      left: [],
    });
    expect(await record()).toEqual({
      storage: 'keychain',
      url: DEFAULT_URL,
      suffix: 'wxyz',
      key_hash: expect.any(String),
    });
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json', IN_KEYCHAIN]);
  });

  it('says which key it replaced there', async () => {
    await save('keychain', OLD);
    expect((await save('keychain')).replaced).toEqual([{ location: KEYCHAIN, suffix: 'abcd' }]);
    expect((await save('keychain')).replaced).toEqual([]);
  });

  it('records no suffix of a key that is too short to have one', async () => {
    await save('keychain', keyOf('short'));
    expect(await record()).toEqual({ storage: 'keychain', url: DEFAULT_URL, key_hash: expect.any(String) });
  });

  it('keeps the account only if the new key was made with the old one', async () => {
    const context = await open();
    await saveKey(context, context.stores.keychain, OLD, { account: 'ada@example.com', id: 7 });
    expect(await record()).toMatchObject({ account: 'ada@example.com', key_id: 7 });
    await saveKey(context, context.stores.keychain, NEW, { replaces: OLD });
    expect(await record()).toEqual({
      storage: 'keychain',
      url: DEFAULT_URL,
      account: 'ada@example.com',
      suffix: 'wxyz',
      key_hash: expect.any(String),
    });
    await saveKey(context, context.stores.keychain, OLD);
    expect(await record()).not.toHaveProperty('account');
  });

  it('is undone by a save in the file', async () => {
    await save('keychain', OLD);
    expect(await save('file')).toEqual({
      storage: 'file',
      location: file(),
      removed: [KEYCHAIN],
      replaced: [{ location: KEYCHAIN, suffix: 'abcd' }],
      left: [],
    });
    expect(await record()).toEqual({ storage: 'file', url: DEFAULT_URL, key_hash: expect.any(String) });
  });

  it('is not checked by a save in the file if the keychain is not on record', async () => {
    const context = await open((store) => ({ ...store, read: broken(), remove: broken() }));
    expect(await saveKey(context, context.stores.file, NEW)).toMatchObject({ removed: [], left: [] });
    await recorded({ storage: 'keychain' });
    expect(await saveKey(context, context.stores.file, OLD)).toMatchObject({
      removed: [],
      left: ['It hangs.'],
    });
  });
});

describe('the store of a new key', () => {
  it('is the keychain, or the file with a reason; a bug is not a reason', async () => {
    expect(await chooseStore(await open())).toEqual({ store: expect.objectContaining({ kind: 'keychain' }) });
    expect(await chooseStore(await open(() => ({ probe: broken() })))).toEqual({
      store: expect.objectContaining({ kind: 'file' }),
      fellBackBecause: 'It hangs.',
    });
    for (const error of [new TypeError('a bug'), new UsageError('wrong')])
      await expect(
        chooseStore(
          await open(() => ({
            probe: async () => {
              throw error;
            },
          })),
        ),
      ).rejects.toBe(error);
  });
});

describe('removing keys from two stores', () => {
  it('removes the key in use last', async () => {
    home.put(file(), OLD.reveal());
    home.put(home.at(IN_KEYCHAIN), NEW.reveal());
    home.put(home.paths.legacyFile, OLD.reveal());
    await recorded({ storage: 'keychain', url: OTHER_URL });
    expect(await removeKeys(await open())).toEqual([
      { storage: 'keychain', location: KEYCHAIN },
      { storage: 'file', location: file() },
      { storage: 'legacy', location: home.paths.legacyFile },
    ]);
    expect(await record()).toEqual({ url: OTHER_URL });
  });

  it('says what was removed if the last key stays, and keeps its record', async () => {
    home.put(file(), OLD.reveal());
    home.put(home.at(IN_KEYCHAIN), NEW.reveal());
    await recorded({ storage: 'keychain' });
    await expect(
      removeKeys(await open((_, what) => (what === 'keys' ? { remove: broken() } : {}))),
    ).rejects.toMatchObject({
      code: 'storage',
      message: `The key is still in ${KEYCHAIN}. It hangs. Removed: ${file()}.`,
      data: { removed: [{ storage: 'file', location: file() }] },
    });
    expect(await record()).toEqual({ storage: 'keychain' });
  });

  it('says that nothing was removed if the first key stays', async () => {
    home.put(home.at(IN_KEYCHAIN), NEW.reveal());
    await recorded({ storage: 'keychain' });
    await expect(
      removeKeys(await open((_, what) => (what === 'keys' ? { remove: broken() } : {}))),
    ).rejects.toMatchObject({
      message: `The key is still in ${KEYCHAIN}. It hangs.`,
      data: { removed: [] },
    });
    await expect(
      removeKeys(
        await open((_, what) =>
          what === 'sessions'
            ? {}
            : {
                remove: async () => {
                  throw new TypeError('a bug');
                },
              },
        ),
      ),
    ).rejects.toThrow(TypeError);
  });
});
