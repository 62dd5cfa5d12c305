import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { FOUND, migrated } from '../../../test/support/migrations.js';
import { KEYCHAIN, useTwoStores } from '../../../test/support/two-stores.js';
import { StorageError } from '../../base/errors.js';
import { DEFAULT_URL } from '../../base/origin.js';
import { betweenStores } from './between-stores.js';
import { migrate, planMigration } from './migrate.js';

const home = useHome();
const stores = useTwoStores(home);
const { open, file, entry, record, recorded, keys } = stores;
const KEY = 'own-key-0123456789abcd';
const OTHER = 'other-key-0123456789wxyz';

describe('moving a key to the file', () => {
  it('removes it from the keychain', async () => {
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain', suffix: 'abcd' });
    expect(await migrated(home, stores, { to: 'file' })).toEqual([
      { action: 'move', from: KEYCHAIN, to: file(), note: FOUND },
    ]);
    expect(await keys()).toEqual([KEY, undefined]);
    expect(await record()).toEqual({ storage: 'file', url: DEFAULT_URL });
  });

  it('removes a copy in the keychain, but leaves a different key there', async () => {
    home.put(file(), KEY);
    home.put(entry(), KEY);
    await recorded({ storage: 'file' });
    expect(await migrated(home, stores, { to: 'file', keepFile: true })).toEqual([
      { action: 'drop', from: KEYCHAIN, to: '', note: `A copy of the key in ${file()}.` },
    ]);
    expect(await keys()).toEqual([KEY, undefined]);
    home.put(entry(), OTHER);
    expect(await migrated(home, stores, { to: 'file', force: true, keepFile: true })).toEqual([
      {
        action: 'report',
        from: KEYCHAIN,
        to: '',
        note: `${KEYCHAIN} has a different key (…wxyz) from the saved one (…abcd, ${file()}).`,
        fix: [{ do: 'migrate', to: 'keychain', force: true, purpose: 'To replace …wxyz with …abcd' }],
      },
    ]);
    const context = await open();
    expect(
      await planMigration({ ...context, environment: { VASTAI_STORAGE: 'file' } }, { to: 'file' }),
    ).toEqual([]);
  });

  it('never makes a copy, since --keep-file is about the file', async () => {
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    expect((await migrated(home, stores, { to: 'file', keepFile: true }))[0]).toMatchObject({
      action: 'move',
      note: FOUND,
    });
  });

  it('leaves a different key in the file unless forced', async () => {
    home.put(file(), OTHER);
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    const replace = { do: 'migrate', to: 'file', force: true, purpose: 'To replace …wxyz with …abcd' };
    const use = { do: 'save-key', from: file(), purpose: 'To use …wxyz instead' };
    expect(await migrated(home, stores, { to: 'file' })).toMatchObject([
      { action: 'report', fix: [replace, use] },
    ]);
    expect(await migrated(home, stores, { to: 'file', force: true })).toEqual([
      { action: 'move', from: KEYCHAIN, to: file(), note: `…abcd replaces …wxyz there. ${FOUND}` },
    ]);
    expect(await keys()).toEqual([KEY, undefined]);
  });

  it('fails if the old copy cannot be removed', async () => {
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    const context = await open(() => ({
      remove: async () => {
        throw new StorageError('It stays.', '');
      },
    }));
    await expect(migrate(context, { to: 'file' })).rejects.toMatchObject({
      code: 'storage',
      message: 'It stays.',
      hint: 'The key is in its new location. Remove the old copy yourself.',
    });
    expect(await keys()).toEqual([KEY, KEY]);
  });
});

describe('a move disturbed by another program or the keychain', () => {
  it('moves no key other than the planned one', async () => {
    home.put(file(), KEY);
    const context = await open();
    const [change] = await betweenStores.plan(context, { to: 'keychain' }, []);
    if (change === undefined) throw new Error('nothing was planned');
    rmSync(file());
    await expect(betweenStores.apply(context, change)).rejects.toMatchObject({
      message: `Another program changed ${file()}.`,
      hint: 'Try again.',
    });
    home.put(entry(), OTHER);
    await expect(betweenStores.apply(await open(), change)).rejects.toMatchObject({
      message: `Another program changed ${file()}.`,
    });
  });

  it('fails if the old copy is still there', async () => {
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    const context = await open(() => ({ remove: async () => true }));
    await expect(migrate(context, { to: 'file' })).rejects.toMatchObject({
      message: `The old copy is still in ${KEYCHAIN}.`,
      advice: [{ do: 'show-sources' }],
    });
  });

  it('fails if the copy in the file is a different key', async () => {
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    const context = await open();
    const [change] = await betweenStores.plan(context, { to: 'keychain', keepFile: true }, []);
    if (change === undefined) throw new Error('nothing was planned');
    const lost = { message: `${file()} does not return the key.`, advice: [{ do: 'diagnose' }] };
    await expect(betweenStores.verify(context, change)).rejects.toMatchObject(lost);
    home.put(file(), OTHER);
    await expect(betweenStores.verify(context, change)).rejects.toMatchObject(lost);
    home.put(file(), KEY);
    await betweenStores.verify(context, change);
    rmSync(entry());
    await expect(betweenStores.verify(context, change)).rejects.toThrow('entry was removed');
  });
});
