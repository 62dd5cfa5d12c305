import type { ApiKey } from '../base/api-key.js';
import { StorageError } from '../base/errors.js';
import type { KeyStore } from './store.js';

/** Writes a key and reads it back, before older copies are removed. @throws StorageError if another key comes back. */
export async function writeAndReadBack(store: KeyStore, profile: string, key: ApiKey): Promise<void> {
  await store.write(profile, key);
  const back = await store.read(profile);
  if (back.state === 'present' && back.key.equals(key)) return;
  throw new StorageError(
    `${store.locate(profile)} does not return the key that was just written to it.`,
    store.kind === 'file'
      ? [{ do: 'diagnose', purpose: 'Try again, or look for the cause' }]
      : [{ do: 'save-key', storage: 'file' }],
  );
}
