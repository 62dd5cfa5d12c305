import { join } from 'node:path';
import type { Context } from '../../src/credentials/context.js';
import { storedSources } from '../../src/credentials/stored-sources.js';
import { fileStore } from '../../src/secrets/file-store.js';
import { ABSENT } from '../../src/secrets/lookup.js';
import type { KeyStore } from '../../src/secrets/store.js';

/** The folder of the keys in place of a keychain, below the configuration folder. */
const FOLDER = 'keychain';

/** Changes a store that keeps its keys, or sessions, so that it fails. */
export type KeychainChange = (store: KeyStore, what: 'keys' | 'sessions') => Partial<KeyStore>;

/**
 * Returns a context whose keychain is a folder of files. It needs no service, and works on every system.
 *
 * @param change makes methods of the keychain fail
 */
export function withKeychainInFolder(context: Context, change: KeychainChange = () => ({})): Context {
  const { paths, profile, record } = context;
  const named = (suffix: string): KeyStore => {
    const store = fileStore(paths, (name) => join(paths.configFolder, FOLDER, `${name}${suffix}`));
    const keychain: KeyStore = {
      ...store,
      kind: 'keychain',
      locate: (name) => `keychain (vastai, ${name}${suffix === '' ? '' : '/session'})`,
    };
    return { ...keychain, ...change(keychain, suffix === '' ? 'keys' : 'sessions') };
  };
  const keychain = named('');
  const stores = { file: context.stores.file, keychain, quietKeychain: keychain };
  const saved = storedSources(profile.name, record, stores, async () => ABSENT, true);
  const isSaved = new Set(['file', 'keychain', 'command']);
  const first = context.sources.findIndex(({ name }) => isSaved.has(name));
  const others = context.sources.filter(({ name }) => !isSaved.has(name));
  return {
    ...context,
    stores,
    sessionStores: { file: context.sessionStores.file, keychain: named('.session') },
    sources: [...others.slice(0, first), ...saved, ...others.slice(first)],
    reopen: async () => withKeychainInFolder(await context.reopen(), change),
  };
}
