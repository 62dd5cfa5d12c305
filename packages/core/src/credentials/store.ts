import type { ApiKey } from './api-key.js';
import type { Reading } from './reading.js';

/** A place that keeps one key for each profile. */
export interface KeyStore {
  readonly kind: 'keychain' | 'file';
  /** Where a profile's key is, in words for the person. */
  locate(profile: string): string;
  read(profile: string): Promise<Reading>;
  /** Says whether a key could be written now, without writing one. @throws StorageError with the reason. */
  probe(profile: string): Promise<void>;
  /** @throws StorageError; the key that was there before is then still there. */
  write(profile: string, key: ApiKey): Promise<void>;
  /** Says whether there was a key. @throws StorageError when it may still be there. */
  remove(profile: string): Promise<boolean>;
}
