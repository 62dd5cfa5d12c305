import type { FoundKey } from '@vastai-cli/core/internal/credentials/chain';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { boundOriginOf } from '@vastai-cli/core/internal/credentials/stored-sources';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';

/**
 * Returns the store that a key was read from, after checking that it can save another one; `undefined` for a key from a
 * flag, a variable or a command.
 *
 * @throws StorageError if the store cannot be written, before the old key is replaced.
 */
export async function storeOfKey(
  { stores, profile, record }: Context,
  { source }: FoundKey,
): Promise<KeyStore | undefined> {
  if (source.name !== 'keychain' && source.name !== 'file' && source.name !== 'legacy') return undefined;
  // The profile's own store may hold the key of another API, which must not be overwritten.
  if (source.name === 'legacy' && boundOriginOf(record).origin !== source.boundOrigin?.origin)
    return undefined;
  const store = source.name === 'keychain' ? stores.keychain : stores.file;
  await store.probe(profile.name);
  return store;
}
