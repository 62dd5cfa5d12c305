import { beforeEach } from 'vitest';
import type { ApiKey } from '../../src/base/api-key.js';
import { StorageError } from '../../src/base/errors.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../../src/config/settings.js';
import type { ContextRequest } from '../../src/context/open.js';
import { saveKey } from '../../src/credentials/save.js';
import type { KeyStore } from '../../src/secrets/store.js';
import type { Home } from './home.js';
import { type KeychainChange, withKeychainInFolder } from './store-in-folder.js';

/** The keychain entry of the default profile, as messages name it. */
export const KEYCHAIN = 'keychain (vastai, default)';

/** The file below the home that stands in for that entry. */
export const IN_KEYCHAIN = '.config/vastai/keychain/default';

/** Returns a method of a store that fails. */
export const broken =
  (message = 'It hangs.') =>
  async () => {
    throw new StorageError(message, [{ do: 'unlock-keychain' }, { do: 'save-key', storage: 'file' }]);
  };

/** Gives each test of a file a profile with two stores: the key file, and a keychain in a folder. */
export function useTwoStores(home: Home) {
  const told: string[] = [];
  beforeEach(() => {
    told.length = 0;
  });

  /** Opens a context, and collects its notes in `told`. */
  const open = async (change?: KeychainChange, more: Partial<ContextRequest> = {}) => {
    const notify = (text: string) => void told.push(text);
    return withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }, { notify, ...more }), change);
  };

  return {
    told,
    open,
    file: () => home.paths.keyFile('default'),
    entry: () => home.at(IN_KEYCHAIN),
    record: async () => recordOf(await readSettings(home.paths), 'default'),
    recorded: (record: ProfileRecord) => recordProfile(home.paths, 'default', record),
    /** Saves a key in a store, and returns where it is and what happened to the others. */
    async save(kind: KeyStore['kind'], key: ApiKey) {
      const context = await open();
      return saveKey(context, context.stores[kind], key);
    },
    /** Returns the keys in the file and in the keychain. */
    async keys() {
      const files = await home.files();
      return [files['.config/vastai/vast_api_key'], files[IN_KEYCHAIN]];
    },
  };
}
