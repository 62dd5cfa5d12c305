import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import type { Environment } from '../base/environment.js';
import type { VastaiError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { recordProfile } from '../config/settings.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import type { KeyStore } from '../secrets/store.js';
import { findKey } from './chain.js';
import type { Context } from './context.js';
import { storedSources } from './stored-sources.js';

const home = useHome();

const OTHER_URL = 'https://staging.example';

describe('the keychain', () => {
  /** A fake keychain, which counts how often it is asked. */
  function keychainOf(lookup: Lookup): KeyStore & { reads: number } {
    const refuse = async () => {
      throw new Error('a search changes nothing');
    };
    return {
      kind: 'keychain',
      reads: 0,
      locate: (profile) => `keychain (vastai, ${profile})`,
      async read() {
        this.reads += 1;
        return lookup;
      },
      probe: refuse,
      keep: refuse,
      write: refuse,
      remove: refuse,
    };
  }

  async function search(keychain: KeyStore, record: Context['record'], url = DEFAULT_URL) {
    const { stores } = await home.context();
    const read = async () => ABSENT;
    const places = { file: stores.file, keychain, quietKeychain: keychain };
    const sources = storedSources('default', record, places, read, true);
    return findKey(sources, new URL(url)).then(
      ({ key }) => key.reveal(),
      (error: VastaiError) => error.code,
    );
  }

  const present: Lookup = { state: 'present', key: keyOf('key-of-keychain') };
  const locked = unreadable('keychain_locked', 'It is locked.', 'Unlock it.');
  const missing = unreadable('keychain_missing', 'There is none.', 'Install one.');

  it('is asked if nothing is recorded and no key file exists', async () => {
    const keychain = keychainOf(present);
    expect(await search(keychain, undefined)).toBe('key-of-keychain');
    expect(keychain.reads).toBe(1);
  });

  it('is not asked if a key file exists, or is recorded', async () => {
    const keychain = keychainOf(present);
    expect(await search(keychain, { storage: 'file' })).toBe('no_key');
    home.put(home.paths.keyFile('default'), 'key-of-file');
    expect(await search(keychain, undefined)).toBe('key-of-file');
    expect(await search(keychain, { storage: 'file' })).toBe('key-of-file');
    expect(keychain.reads).toBe(0);
  });

  it('is asked instead of the file if it is recorded', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    expect(await search(keychainOf(present), { storage: 'keychain' })).toBe('key-of-keychain');
    expect(await search(keychainOf(ABSENT), { storage: 'keychain' })).toBe('storage');
    expect(await search(keychainOf(missing), { storage: 'keychain' })).toBe('storage');
  });

  it('counts as empty if it is missing, and stops the search if it is locked', async () => {
    expect(await search(keychainOf(missing), undefined)).toBe('no_key');
    expect(await search(keychainOf(ABSENT), undefined)).toBe('no_key');
    expect(await search(keychainOf(locked), undefined)).toBe('storage');
  });

  it('is not asked for a key that would not be sent', async () => {
    const keychain = keychainOf(locked);
    expect(await search(keychain, undefined, OTHER_URL)).toBe('no_key');
    expect(await search(keychain, { storage: 'keychain' }, OTHER_URL)).toBe('no_key');
    expect(await search(keychain, { storage: 'keychain', url: OTHER_URL })).toBe('no_key');
    expect(keychain.reads).toBe(0);
  });

  it('is not asked with VASTAI_STORAGE=file', async () => {
    const names = async (environment: Environment) =>
      (await home.context(environment)).sources.map(({ name }) => name);
    expect(await names({ VASTAI_STORAGE: 'file' })).not.toContain('keychain');
    expect(await names({ VASTAI_STORAGE: 'auto' })).toContain('keychain');
    await recordProfile(home.paths, 'default', { storage: 'keychain' });
    expect(await names({ VASTAI_STORAGE: 'file' })).toContain('keychain');
  });
});
