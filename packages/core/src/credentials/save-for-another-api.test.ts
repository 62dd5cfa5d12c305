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

describe('the record while a key for another API is written', () => {
  it.each<[string, KeyStore['kind'], Before, unknown]>([
    ['is pending if the file has a key', 'file', { inFile: OLD }, { ...ofFile, pending: true }],
    [
      'is pending if the file is on record and has a key',
      'file',
      { record: { storage: 'file' }, inFile: OLD },
      { ...ofFile, pending: true },
    ],
    ['is final if no store has a key', 'file', {}, ofFile],
    [
      'is final if the keychain is on record but empty',
      'keychain',
      { record: { storage: 'keychain' } },
      { ...ofKeychain },
    ],
    [
      'names no store if the keychain may stay empty',
      'keychain',
      {},
      { url: OTHER_URL, suffix: 'wxyz', key_hash: HASH },
    ],
    [
      'is pending if the keychain has a key',
      'keychain',
      { inKeychain: OLD },
      { ...ofKeychain, pending: true },
    ],
    [
      'is pending if the keychain is on record and has a key',
      'keychain',
      { record: { storage: 'keychain' }, inKeychain: OLD },
      { ...ofKeychain, pending: true },
    ],
    ['is pending if the file cannot be read', 'file', { inFile: 'two words' }, { ...ofFile, pending: true }],
    [
      'is unchanged if the file has a key and the new one goes to the keychain',
      'keychain',
      { inFile: OLD },
      undefined,
    ],
    [
      'is unchanged if the keychain is on record and the new key goes to the file',
      'file',
      { record: { storage: 'keychain' }, inKeychain: OLD },
      { storage: 'keychain' },
    ],
    [
      'is unchanged if the file is on record and the new key goes to the keychain',
      'keychain',
      { record: { storage: 'file' }, inFile: OLD },
      { storage: 'file' },
    ],
  ])('%s', async (_, to, before, during) => {
    expect(await recordDuring(to, before)).toEqual(during);
  });

  it('is unchanged for the same API, unless an earlier save was interrupted', async () => {
    const record = { storage: 'file' } as const;
    expect(await recordDuring('file', { record, inFile: OLD }, DEFAULT_URL)).toEqual(record);
    const cut = { ...record, pending: true } as const;
    expect(await recordDuring('file', { record: cut, inFile: OLD }, DEFAULT_URL)).toMatchObject({
      url: DEFAULT_URL,
      pending: true,
    });
  });
});

describe('the record of a key saved in a file', () => {
  it('has no suffix, and an account only if it is known', async () => {
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
