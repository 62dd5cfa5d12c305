import type { ApiKey } from '../base/api-key.js';
import type { Lookup } from './lookup.js';

/** Keeps one key for each profile. `saveKey` and `removeKeys` also record what is where; prefer them. */
export interface KeyStore {
  readonly kind: 'keychain' | 'file';
  /** Returns the place of a profile's key in words for a person: a path, or `keychain (vastai, default)`. */
  locate(profile: string): string;
  /** Reads a profile's key; what goes wrong is part of what it returns. */
  read(profile: string): Promise<Lookup>;
  /** Makes sure that a key could be written now, without writing one. @throws StorageError with the reason. */
  probe(profile: string): Promise<void>;
  /** Keeps what is there, to go back to when a save fails. Changes nothing. @throws StorageError */
  keep(profile: string): Promise<KeptKey>;
  /** Writes a key. @throws StorageError; the key from before is still there, unless a keychain stalled on the way. */
  write(profile: string, key: ApiKey): Promise<void>;
  /** Removes a key, and returns whether there was one. @throws StorageError when it may still be there. */
  remove(profile: string): Promise<boolean>;
}

/** Keeps what a store held before a save. */
export interface KeptKey {
  readonly lookup: Lookup;
  /** Path of the file in which it is kept, where it is in one. */
  readonly path?: string | undefined;
  /** Puts it back. Only reading it tells whether it is there. @throws StorageError */
  putBack(): Promise<void>;
  /** Forgets it after a save that failed. @throws StorageError when something stays. */
  discard(): Promise<void>;
  /** Forgets it after a save that is done. @throws StorageError when something stays. */
  letGo(): Promise<void>;
}

/** Says of a failed write that it ended before it changed anything. */
export function isUntouched(error: unknown): boolean {
  return (error as { untouched?: boolean } | undefined)?.untouched === true;
}
