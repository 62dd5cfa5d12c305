import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type KeyPlace, removeKeys } from '../credentials/remove.js';
import type { Session } from '../session.js';
import { withLock } from './lock.js';
import { DEFAULT_URL } from './origin.js';
import type { Paths } from './paths.js';
import { readPrivateFile } from './private-file.js';
import { isProfileName } from './profile-name.js';
import { changeSettings, readSettings, recordOf, type StorageKind } from './settings.js';

/** A profile as a list shows it: a stable shape. */
export interface ProfileEntry {
  readonly name: string;
  /** Whether `config.json` makes it the one that is used when nothing else names one. */
  readonly current: boolean;
  /** Where its key is; `null` when it has none that can be seen without asking a keychain. */
  readonly storage: StorageKind | null;
  readonly url: string;
}

/** Every profile that is recorded or has a key file, and `default`. Asks no keychain. */
export async function listProfiles(paths: Paths): Promise<ProfileEntry[]> {
  const settings = await readSettings(paths);
  const folders = await readdir(join(paths.configFolder, 'profiles')).catch(() => []);
  const names = new Set(['default', ...Object.keys(settings.profiles), ...folders.filter(isProfileName)]);
  const entries = [...names].sort().map(async (name): Promise<ProfileEntry> => {
    const record = recordOf(settings, name);
    return {
      name,
      current: name === (settings.current ?? 'default'),
      storage: record?.storage ?? ((await hasKeyFile(paths, name)) ? 'file' : null),
      url: record?.url ?? DEFAULT_URL,
    };
  });
  return Promise.all(entries);
}

/** Makes a profile the one that is used when nothing else names one. */
export async function useProfile(
  { paths, notify }: Pick<Session, 'paths' | 'notify'>,
  name: string,
): Promise<void> {
  const change = () => changeSettings(paths, (settings) => ({ ...settings, current: name }));
  await withLock(paths.lockFile, change, notify);
}

/**
 * Removes the session's profile: its keys, its record, and its folder; `default` is then current if it was.
 *
 * @throws StorageError when a key is still somewhere; the profile is then still there.
 */
export async function removeProfile(session: Session, places: readonly KeyPlace[]): Promise<KeyPlace[]> {
  const { paths, profile } = session;
  const removed = await removeKeys(session, places);
  const forget = async () => {
    await changeSettings(paths, ({ current, ...settings }) => {
      const { [profile.name]: _, ...profiles } = settings.profiles;
      const isOther = current !== undefined && current !== profile.name;
      return { ...settings, ...(isOther ? { current } : {}), profiles };
    });
    if (profile.name !== 'default')
      await rm(dirname(paths.keyFile(profile.name)), { recursive: true, force: true });
  };
  await withLock(paths.lockFile, forget, session.notify);
  return removed;
}

async function hasKeyFile(paths: Paths, name: string): Promise<boolean> {
  return (await readPrivateFile(paths.keyFile(name)).catch(() => ({}))) !== undefined;
}
