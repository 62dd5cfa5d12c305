import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { withKeychainInFolder } from '../../test/support/store-in-folder.js';
import { DEFAULT_URL } from '../base/origin.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../config/settings.js';
import { fingerprintOf } from '../secrets/fingerprint.js';
import { type SaveOptions, saveUnderLock } from './save.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-9876543210wxyz');
const HASH = expect.stringMatching(/^hmac-sha256:/u);
const file = () => home.paths.keyFile('default');

/** Saves the new key in the keychain; returns the record, and whether the file still has a key. */
async function save(record: ProfileRecord, options: Partial<SaveOptions> = {}) {
  home.put(file(), OLD.reveal());
  await recordProfile(home.paths, 'default', record);
  const context = withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }));
  const saved = await saveUnderLock(context, context.stores.keychain, NEW, {
    boundOrigin: new URL(DEFAULT_URL),
    ...options,
  });
  const now = recordOf(await readSettings(home.paths), 'default');
  return {
    now,
    removed: saved.removed,
    isCopyThere: (await context.stores.file.read('default')).state === 'present',
  };
}

const SAVED = { storage: 'keychain', url: DEFAULT_URL, suffix: 'wxyz' };

describe('a copy kept for other tools', () => {
  it('stays only if it was kept on purpose and the caller renews it', async () => {
    const kept = { storage: 'keychain', kept_file: true } as const;
    expect(await save(kept, { leavesKeptFile: true })).toEqual({
      now: { ...SAVED, key_hash: HASH, kept_file: true },
      removed: [],
      isCopyThere: true,
    });
    expect(await save(kept)).toEqual({
      now: { ...SAVED, key_hash: HASH },
      removed: [file()],
      isCopyThere: false,
    });
    expect(await save({ storage: 'keychain' }, { leavesKeptFile: true })).toMatchObject({
      isCopyThere: false,
    });
    expect(await save({ storage: 'keychain', kept_file: false }, { leavesKeptFile: true })).toMatchObject({
      isCopyThere: false,
    });
  });
});

describe('the record of a saved key', () => {
  const before = {
    storage: 'file',
    url: DEFAULT_URL,
    account: 'ada@example.com',
    suffix: 'abcd',
    key_id: 7,
    key_hash: fingerprintOf(NEW),
    note: 'mine',
  } as ProfileRecord;

  it('stays the same if the key only moved', async () => {
    const { now } = await save(before, { movedFrom: 'nowhere' });
    expect(now).toEqual({ ...before, ...SAVED, kept_file: true });
  });

  it('keeps only what does not describe the key if another one is saved', async () => {
    const other = { ...before, key_hash: fingerprintOf(OLD) };
    expect((await save(other)).now).toEqual({ ...SAVED, key_hash: HASH, note: 'mine' });
    expect((await save(other, { keepsAccount: true })).now).toEqual({
      ...SAVED,
      account: 'ada@example.com',
      key_hash: HASH,
      note: 'mine',
    });
    expect((await save(other, { account: 'bob', id: 8 })).now).toMatchObject({ account: 'bob', key_id: 8 });
  });

  it('gets the suffix of a moved key only if it described the key before', async () => {
    const { now } = await save({ storage: 'file' }, { movedFrom: 'nowhere' });
    expect(now).toEqual({ storage: 'keychain', url: DEFAULT_URL, kept_file: true });
    expect((await save({ storage: 'file', suffix: 'abcd' }, { movedFrom: 'nowhere' })).now).toHaveProperty(
      'suffix',
      'wxyz',
    );
    expect((await save({ storage: 'file', account: 'ada' }, { movedFrom: 'nowhere' })).now).toHaveProperty(
      'suffix',
      'wxyz',
    );
  });
});
