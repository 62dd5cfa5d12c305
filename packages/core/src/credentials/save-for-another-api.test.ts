import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { withKeychainInFolder } from '../../test/support/store-in-folder.js';
import { DEFAULT_URL } from '../base/origin.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../config/settings.js';
import type { KeyStore } from '../secrets/store.js';
import { saveKey } from './save.js';

const home = useHome();
const OLD = 'old-key-0123456789abcd';
const NEW = keyOf('new-key-9876543210wxyz');
const OTHER_URL = 'https://staging.example';
const HASH = expect.stringMatching(/^hmac-sha256:/u);

interface Before {
  readonly record?: ProfileRecord;
  readonly inFile?: string;
  readonly inKeychain?: string;
}

/** Saves a key for an API; returns the record while the key is written, which is all that a kill would leave. */
async function recordDuring(to: KeyStore['kind'], { record, inFile, inKeychain }: Before, url = OTHER_URL) {
  if (inFile !== undefined) home.put(home.paths.keyFile('default'), inFile);
  if (inKeychain !== undefined) home.put(home.at('.config', 'vastai', 'keychain', 'default'), inKeychain);
  if (record !== undefined) await recordProfile(home.paths, 'default', record);
  const context = withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }, { url }));
  const store = context.stores[to];
  const now = async () => recordOf(await readSettings(home.paths), 'default');
  let during: ProfileRecord | undefined;
  const write: KeyStore['write'] = async (name, key) => {
    during = await now();
    await store.write(name, key);
  };
  await saveKey(context, { ...store, write }, NEW);
  expect((await now())?.pending).toBeUndefined();
  return during;
}

const ofFile = { storage: 'file', url: OTHER_URL, key_hash: HASH };
const ofKeychain = { storage: 'keychain', url: OTHER_URL, suffix: 'wxyz', key_hash: HASH };

describe('while a key for another API is written, the record', () => {
  it.each<[string, KeyStore['kind'], Before, unknown]>([
    ['says that either may be there', 'file', { inFile: OLD }, { ...ofFile, pending: true }],
    [
      'says so of a recorded file too',
      'file',
      { record: { storage: 'file' }, inFile: OLD },
      { ...ofFile, pending: true },
    ],
    ['is right already where nothing is there', 'file', {}, ofFile],
    [
      'and where a keychain without a key is recorded',
      'keychain',
      { record: { storage: 'keychain' } },
      { ...ofKeychain },
    ],
    [
      'names no keychain that may stay empty',
      'keychain',
      {},
      { url: OTHER_URL, suffix: 'wxyz', key_hash: HASH },
    ],
    ['says so of a keychain', 'keychain', { inKeychain: OLD }, { ...ofKeychain, pending: true }],
    ['says so of what cannot be read', 'file', { inFile: 'two words' }, { ...ofFile, pending: true }],
    ['stays if the file goes first, which is not touched', 'keychain', { inFile: OLD }, undefined],
    [
      'stays if another place is recorded: the keychain',
      'file',
      { record: { storage: 'keychain' }, inKeychain: OLD },
      { storage: 'keychain' },
    ],
    ['or the file', 'keychain', { record: { storage: 'file' }, inFile: OLD }, { storage: 'file' }],
  ])('%s', async (_, to, before, during) => {
    expect(await recordDuring(to, before)).toEqual(during);
  });

  it('stays for the same API, unless a save before was cut off', async () => {
    const record = { storage: 'file' } as const;
    expect(await recordDuring('file', { record, inFile: OLD }, DEFAULT_URL)).toEqual(record);
    const cut = { ...record, pending: true } as const;
    expect(await recordDuring('file', { record: cut, inFile: OLD }, DEFAULT_URL)).toMatchObject({
      url: DEFAULT_URL,
      pending: true,
    });
  });
});

describe('a key of which the record knows more', () => {
  it('is noted without an end in a file, and without an account that is not known', async () => {
    home.put(home.paths.keyFile('default'), OLD);
    const context = await home.context();
    await saveKey(context, context.stores.file, NEW, { account: 'ada@example.com' });
    const record = async () => recordOf(await readSettings(home.paths), 'default');
    expect(await record()).toEqual({
      storage: 'file',
      url: DEFAULT_URL,
      account: 'ada@example.com',
      key_hash: HASH,
    });
    await saveKey(context, context.stores.file, NEW);
    expect(await record()).toEqual({ storage: 'file', url: DEFAULT_URL, key_hash: HASH });
  });
});
