import type { FoundKey } from '@vastai-cli/core/credentials/chain';
import { savedForOf } from '@vastai-cli/core/credentials/saved-sources';
import type { KeyStore } from '@vastai-cli/core/credentials/store';
import type { Session } from '@vastai-cli/core/session';

/**
 * The store that a key was read from, after making sure that it can take another; `undefined` for a key that
 * was given by a flag, a variable or a command.
 *
 * @throws StorageError when the store cannot be written: better before the old key is gone.
 */
export async function storeOfKey(
  { stores, profile, record }: Session,
  { source }: FoundKey,
): Promise<KeyStore | undefined> {
  if (source.name !== 'keychain' && source.name !== 'file' && source.name !== 'legacy') return undefined;
  // The profile's own store may hold the key of another API, which must not be overwritten.
  if (source.name === 'legacy' && savedForOf(record).origin !== source.savedFor?.origin) return undefined;
  const store = source.name === 'keychain' ? stores.keychain : stores.file;
  await store.probe(profile.name);
  return store;
}
