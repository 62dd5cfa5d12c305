import type { ApiKey } from '../base/api-key.js';
import type { Lookup } from './lookup.js';

/** A store with one key for each profile. Prefer `saveKey` and `removeKeys`, which also record the place of the key. */
export interface KeyStore {
  readonly kind: 'keychain' | 'file';
  /** Returns the human-readable location of a profile's key: a path, or `keychain (vastai, default)`. */
  locate(profile: string): string;
  /** Reads a profile's key. A failure is part of the result. */
  read(profile: string): Promise<Lookup>;
  /** Checks that a key could be written now, without writing one. @throws StorageError if not. */
  probe(profile: string): Promise<void>;
  /** Keeps the current key, so that a save that fails can restore it. Changes nothing. @throws StorageError */
  keep(profile: string): Promise<KeptKey>;
  /** Writes a key. @throws StorageError; the old key is then still in place, unless a keychain hung during the write. */
  write(profile: string, key: ApiKey): Promise<void>;
  /** Removes a key. Returns false if there was none. @throws StorageError if the key may still be there. */
  remove(profile: string): Promise<boolean>;
}

/** The key of a store before a save, if any. */
export interface KeptKey {
  readonly lookup: Lookup;
  /** Path of the file that it is kept in, if any. */
  readonly path?: string | undefined;
  /** Restores the key. Read it to be sure that it is back. @throws StorageError */
  putBack(): Promise<void>;
  /** Removes the kept copy after a save that failed. @throws StorageError if it cannot be removed. */
  discard(): Promise<void>;
  /** Removes the kept copy after a save that worked. @throws StorageError if it cannot be removed. */
  letGo(): Promise<void>;
}

/** Returns true for the error of a write that failed before it changed anything. */
export function isUntouched(error: unknown): boolean {
  return (error as { untouched?: boolean } | undefined)?.untouched === true;
}
