import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { GONE, KEPT, migrated, receipts } from '../../../test/support/migrations.js';
import { KEYCHAIN, useTwoStores } from '../../../test/support/two-stores.js';
import { StorageError } from '../../base/errors.js';
import { DEFAULT_URL } from '../../base/origin.js';
import { readSettings } from '../../config/settings.js';
import { acquireKey } from '../../context/acquire-key.js';
import { chooseSessionStore, saveSession } from '../../credentials/session.js';
import { KeychainError } from '../../secrets/keychain/errors.js';
import { migrate, planMigration } from './migrate.js';

const home = useHome();
const stores = useTwoStores(home);
const { open, file, entry, record, recorded, keys } = stores;
const KEY = 'own-key-0123456789abcd';
const OTHER = 'other-key-0123456789wxyz';

describe('moving a key to the keychain', () => {
  it('removes it from the file', async () => {
    home.put(file(), KEY);
    const change = { action: 'move', from: file(), to: KEYCHAIN, note: GONE };
    expect(await migrated(home, stores, { to: 'keychain' })).toEqual([change]);
    expect(await keys()).toEqual([undefined, KEY]);
    expect(await record()).toEqual({ storage: 'keychain', url: DEFAULT_URL });
    expect(receipts(home)).toEqual([[{ step: 'between-stores', ...change }]]);
    expect(await migrated(home, stores, { to: 'keychain' })).toEqual([]);
    expect(receipts(home)).toHaveLength(1);
  });

  it('can keep it in the file, and renew the copy there', async () => {
    home.put(file(), KEY);
    const options = { to: 'keychain', keepFile: true } as const;
    expect(await migrated(home, stores, options)).toEqual([
      { action: 'copy', from: file(), to: KEYCHAIN, note: KEPT },
    ]);
    expect(await keys()).toEqual([KEY, KEY]);
    expect(await record()).toEqual({ storage: 'keychain', url: DEFAULT_URL, kept_file: true });
    expect(await migrated(home, stores, options)).toEqual([]);
    expect(await migrated(home, stores, { to: 'keychain' })).toEqual([]);
    rmSync(file());
    expect(await migrated(home, stores, options)).toEqual([
      { action: 'copy', from: KEYCHAIN, to: file(), note: KEPT },
    ]);
    expect(await keys()).toEqual([KEY, KEY]);
    // Only the move can be undone.
    expect(receipts(home)).toHaveLength(1);
  });

  it('keeps an older copy in the file if asked to', async () => {
    home.put(file(), KEY);
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain', suffix: 'abcd' });
    expect(await migrated(home, stores, { to: 'keychain', keepFile: true })).toEqual([
      { action: 'copy', from: KEYCHAIN, to: file(), note: KEPT },
    ]);
    expect(await record()).toEqual({ storage: 'keychain', suffix: 'abcd', kept_file: true });
  });

  it('removes an unwanted copy in the file', async () => {
    home.put(file(), KEY);
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    expect(await migrated(home, stores, { to: 'keychain' })).toEqual([
      { action: 'drop', from: file(), to: '', note: `A copy of the key in ${KEYCHAIN}.` },
    ]);
    expect(await keys()).toEqual([undefined, KEY]);
  });

  it.each([false, true])('leaves a different key there unless forced (keepFile: %s)', async (keepFile) => {
    home.put(file(), KEY);
    home.put(entry(), OTHER);
    await recorded({ storage: 'file' });
    const replace = {
      do: 'migrate',
      ...(keepFile ? { to: 'keychain', keepFile: true } : { to: 'keychain' }),
      force: true,
      purpose: 'To replace …wxyz with …abcd',
    };
    expect(await migrated(home, stores, { to: 'keychain', keepFile })).toEqual([
      {
        action: 'report',
        from: KEYCHAIN,
        to: '',
        note: `${KEYCHAIN} has a different key (…wxyz) from the saved one (…abcd, ${file()}).`,
        fix: [replace],
      },
    ]);
    expect(await keys()).toEqual([KEY, OTHER]);
    expect(await migrated(home, stores, { to: 'keychain', keepFile, force: true })).toEqual([
      {
        action: keepFile ? 'copy' : 'move',
        from: file(),
        to: KEYCHAIN,
        note: `…abcd replaces …wxyz there. ${keepFile ? KEPT : GONE}`,
      },
    ]);
    expect(await keys()).toEqual([keepFile ? KEY : undefined, KEY]);
  });

  it('leaves a different key in the file unless forced to renew the copy', async () => {
    home.put(file(), OTHER);
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    const report = {
      action: 'report',
      from: file(),
      to: '',
      note: `${file()} has a different key (…wxyz) from the saved one (…abcd, ${KEYCHAIN}).`,
      fix: [
        {
          do: 'migrate',
          to: 'keychain',
          keepFile: true,
          force: true,
          purpose: 'To replace …wxyz with …abcd',
        },
        { do: 'save-key', from: file(), purpose: 'To use …wxyz instead' },
      ],
    };
    for (const more of [{}, { keepFile: true }, { force: true }])
      expect(await migrated(home, stores, { to: 'keychain', ...more })).toEqual([report]);
    expect(await migrated(home, stores, { to: 'keychain', keepFile: true, force: true })).toEqual([
      { action: 'copy', from: KEYCHAIN, to: file(), note: `…abcd replaces …wxyz there. ${KEPT}` },
    ]);
    expect(await keys()).toEqual([KEY, KEY]);
  });

  it.each([false, true])(
    'does not replace an unreadable key there unless forced (keepFile: %s)',
    async (keepFile) => {
      home.put(file(), KEY);
      home.put(entry(), 'two words');
      await recorded({ storage: 'file' });
      await expect(planMigration(await open(), { to: 'keychain', keepFile })).rejects.toMatchObject({
        code: 'storage',
        message: `${entry()} does not contain exactly one key: it contains a space or a line break. It may be a different key, so nothing was moved.`,
        advice: [
          {
            do: 'migrate',
            to: 'keychain',
            ...(keepFile ? { keepFile: true } : {}),
            force: true,
            purpose: 'Move it away, or replace it',
          },
        ],
      });
      expect(await migrated(home, stores, { to: 'keychain', keepFile, force: true })).toEqual([
        {
          action: keepFile ? 'copy' : 'move',
          from: file(),
          to: KEYCHAIN,
          note: `Replaces what cannot be read there. ${keepFile ? KEPT : GONE}`,
        },
      ]);
    },
  );

  it('moves a key that comes from the old file in the same run', async () => {
    home.put(home.paths.legacyFile, KEY);
    const plan = await planMigration(await open(), { to: 'keychain' });
    expect(plan.map(({ action, from, to }) => [action, from, to])).toEqual([
      ['move', home.paths.legacyFile, file()],
      ['move', file(), KEYCHAIN],
    ]);
    await migrate(await open(), { to: 'keychain' });
    expect(await keys()).toEqual([undefined, KEY]);
  });

  it('has nothing to do without a key, or for a key that is not moved', async () => {
    expect(await migrated(home, stores, { to: 'keychain' })).toEqual([]);
    await recorded({ url: 'https://staging.example' });
    home.put(home.paths.legacyFile, KEY);
    const plan = await planMigration(await open(), { to: 'keychain' });
    expect(plan.map(({ step, action }) => [step, action])).toEqual([['legacy-file', 'report']]);
  });

  it('is refused for the key of a command', async () => {
    await recorded({ storage: 'command', command: ['op'] });
    await expect(planMigration(await open(), { to: 'keychain' })).rejects.toMatchObject({
      code: 'usage',
      message: 'Profile "default" takes its key from a command, so nothing can be moved.',
    });
    expect(await planMigration(await open())).toEqual([]);
  });

  it('says that the key still works if the keychain cannot take it', async () => {
    home.put(file(), KEY);
    const failing = (error: Error) =>
      open(() => ({
        probe: async () => {
          throw error;
        },
      }));
    const locked = new KeychainError('keychain_locked', 'It is locked.');
    await expect(planMigration(await failing(locked), { to: 'keychain' })).rejects.toMatchObject({
      message: 'It is locked.',
      advice: [
        { do: 'unlock-keychain' },
        { do: 'say', text: 'Nothing was changed. The key still works from where it is.' },
      ],
    });
    const other = new StorageError('Another reason.', 'Move it.');
    await expect(planMigration(await failing(other), { to: 'keychain' })).rejects.toBe(other);
  });

  it('says that the two-factor session moves with it', async () => {
    home.put(file(), KEY);
    const context = await open();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, keyOf('session-0123456789'));
    const [change] = await planMigration(await open(), { to: 'keychain' });
    expect(change?.note).toBe(`${GONE} Its two-factor session moves with it.`);
    const record = (await readSettings(home.paths)).profiles.default;
    if (record?.tfa_session === undefined) throw new Error('no session');
    await recorded({ ...record, tfa_session: { ...record.tfa_session, storage: 'keychain' } });
    expect((await planMigration(await open(), { to: 'keychain' }))[0]?.note).toBe(GONE);
  });
});
