import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { withKeychainInFolder } from '../../../test/support/store-in-folder.js';
import { StorageError } from '../../base/errors.js';
import { DEFAULT_URL } from '../../base/origin.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../../config/settings.js';
import { acquireKey } from '../../context/acquire-key.js';
import { chooseSessionStore, saveSession } from '../../credentials/session.js';
import { KeychainError } from '../../secrets/keychain/errors.js';
import { migrate, planMigration } from './migrate.js';
import type { Change, MigrationOptions } from './step.js';

const home = useHome();

const KEY = 'own-key-0123456789abcd';

const OTHER = 'other-key-0123456789wxyz';

const KEYCHAIN = 'keychain (vastai, default)';

const OTHER_TOOLS = "Vast.ai's Python CLI and SDK, SkyPilot and others read the key file";

const GONE = `${OTHER_TOOLS}, and will no longer find it. --keep-file leaves it for them.`;

const KEPT = `${OTHER_TOOLS}, which stays until the next "set api-key".`;

type KeychainChange = Parameters<typeof withKeychainInFolder>[1];

const file = () => home.paths.keyFile('default');

const entry = () => home.at('.config', 'vastai', 'keychain', 'default');

const open = async (change?: KeychainChange) =>
  withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }), change);

const recorded = (record: ProfileRecord) => recordProfile(home.paths, 'default', record);

const record = async () => recordOf(await readSettings(home.paths), 'default');

/** Returns the keys in the file and in the keychain. */
async function keys() {
  const files = await home.files();
  return [files['.config/vastai/vast_api_key'], files['.config/vastai/keychain/default']];
}

/** Plans and makes a migration, checks that both agree, and returns the changes without the name of their step. */
async function migrated(options: MigrationOptions) {
  const before = await home.files();
  const plan = await planMigration(await open(), options);
  expect(await home.files()).toEqual(before);
  expect(await migrate(await open(), options)).toEqual(plan);
  return plan.map(({ step, ...change }) => {
    expect(step).toBe('between-stores');
    return change;
  });
}

function receipts(): Change[][] {
  try {
    const names = readdirSync(home.paths.receiptsFolder).sort();
    return names.map((name) => JSON.parse(readFileSync(home.paths.receiptFile(name), 'utf8')).changes);
  } catch {
    return [];
  }
}

describe('moving a key to the keychain', () => {
  it('removes it from the file', async () => {
    home.put(file(), KEY);
    const change = { action: 'move', from: file(), to: KEYCHAIN, note: GONE };
    expect(await migrated({ to: 'keychain' })).toEqual([change]);
    expect(await keys()).toEqual([undefined, KEY]);
    expect(await record()).toEqual({ storage: 'keychain', url: DEFAULT_URL });
    expect(receipts()).toEqual([[{ step: 'between-stores', ...change }]]);
    expect(await migrated({ to: 'keychain' })).toEqual([]);
    expect(receipts()).toHaveLength(1);
  });

  it('can keep it in the file, and renew the copy there', async () => {
    home.put(file(), KEY);
    const options = { to: 'keychain', keepFile: true } as const;
    expect(await migrated(options)).toEqual([{ action: 'copy', from: file(), to: KEYCHAIN, note: KEPT }]);
    expect(await keys()).toEqual([KEY, KEY]);
    expect(await record()).toEqual({ storage: 'keychain', url: DEFAULT_URL, kept_file: true });
    expect(await migrated(options)).toEqual([]);
    expect(await migrated({ to: 'keychain' })).toEqual([]);
    rmSync(file());
    expect(await migrated(options)).toEqual([{ action: 'copy', from: KEYCHAIN, to: file(), note: KEPT }]);
    expect(await keys()).toEqual([KEY, KEY]);
    // Only the move can be undone.
    expect(receipts()).toHaveLength(1);
  });

  it('keeps an older copy in the file if asked to', async () => {
    home.put(file(), KEY);
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain', suffix: 'abcd' });
    expect(await migrated({ to: 'keychain', keepFile: true })).toEqual([
      { action: 'copy', from: KEYCHAIN, to: file(), note: KEPT },
    ]);
    expect(await record()).toEqual({ storage: 'keychain', suffix: 'abcd', kept_file: true });
  });

  it('removes an unwanted copy in the file', async () => {
    home.put(file(), KEY);
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    expect(await migrated({ to: 'keychain' })).toEqual([
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
    expect(await migrated({ to: 'keychain', keepFile })).toEqual([
      {
        action: 'report',
        from: KEYCHAIN,
        to: '',
        note: `${KEYCHAIN} has a different key (…wxyz) from the saved one (…abcd, ${file()}).`,
        fix: [replace],
      },
    ]);
    expect(await keys()).toEqual([KEY, OTHER]);
    expect(await migrated({ to: 'keychain', keepFile, force: true })).toEqual([
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
      expect(await migrated({ to: 'keychain', ...more })).toEqual([report]);
    expect(await migrated({ to: 'keychain', keepFile: true, force: true })).toEqual([
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
      expect(await migrated({ to: 'keychain', keepFile, force: true })).toEqual([
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
    expect(await migrated({ to: 'keychain' })).toEqual([]);
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
