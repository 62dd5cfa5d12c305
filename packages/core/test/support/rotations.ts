import { beforeEach } from 'vitest';
import { type ApiKeyRecord, listApiKeys } from '../../src/api/api-keys.js';
import type { ApiKey } from '../../src/base/api-key.js';
import { saveKey } from '../../src/credentials/save.js';
import { entriesOf } from '../../src/operations/ledger/entries.js';
import { readLedger } from '../../src/operations/ledger/ledger.js';
import { beginRotation } from '../../src/operations/rotate/rotate.js';
import type { RotationContext } from '../../src/operations/rotate/rotation.js';
import type { KeyStore } from '../../src/secrets/store.js';
import { type Account, startAccount, type Trouble } from './account-server.js';
import type { Home } from './home.js';
import { keyOf } from './keys.js';

/** The key with the ID 42, which is rotated. */
export const OLD = keyOf('old-key-0123456789abcd');

/** The key with the ID 7. */
export const ADMIN = keyOf('admin-key-0123456789ef');

/** Options of a rotation in a test. */
export interface RotationOptions {
  readonly grace?: number;
  /** Makes the store fail. */
  readonly store?: (store: KeyStore) => Partial<KeyStore>;
  /** The key that is sent, if it is not the saved one. */
  readonly by?: ApiKey;
  readonly compare?: RotationContext['compare'];
  readonly signal?: AbortSignal;
}

/** Gives each test of a file an account with two keys, and rotations of one of them. */
export function useRotations(home: Home) {
  let account: Account;
  beforeEach(async () => {
    account = await startAccount();
    account.add(42, 'laptop', OLD);
    account.add(7, 'admin', ADMIN);
  });

  /** Opens the context of the account's API. */
  const open = () => home.context({}, { url: account.url.origin });

  /** Returns a rotation of the saved key 42, or of it by another key, which prints the new one. */
  async function rotationWith(options: RotationOptions = {}): Promise<RotationContext> {
    const { grace, by, compare = () => undefined, signal = new AbortController().signal } = options;
    const context = await open();
    const store = { ...context.stores.file, ...options.store?.(context.stores.file) };
    return {
      context,
      id: 42,
      key: by ?? OLD,
      client: account.client(by ?? OLD),
      store: by === undefined ? store : undefined,
      clientOf: async (key) => account.client(key),
      compare,
      grace,
      signal,
    };
  }

  return {
    account: () => account,
    open,
    rotationWith,
    /** Saves a key in the file of the profile. */
    async save(key: ApiKey, id?: number) {
      const context = await open();
      await saveKey(context, context.stores.file, key, { id });
    },
    /** Rotates the key 42. */
    async begin(options: RotationOptions = {}) {
      const rotation = await rotationWith(options);
      const { value: keys } = await listApiKeys(rotation.client);
      account.requests.length = 0;
      return beginRotation(rotation, keys.find(({ id }) => id === 42) as ApiKeyRecord, keys);
    },
    /** Returns the rotations that are open. */
    rotations: async () => entriesOf(await readLedger(home.paths), 'rotation'),
    ids: () => [...account.keys.keys()],
    stored: async () => (await home.files())['.config/vastai/vast_api_key'],
    /** Returns the key that the rotation created. */
    made: () => [...account.keys.values()].find(({ id }) => id > 100),
    /** Makes requests that begin like this fail. */
    when: (start: string, trouble: Trouble) => {
      account.trouble = (request) => (request.startsWith(start) ? trouble : undefined);
    },
  };
}
