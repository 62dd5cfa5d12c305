import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { isProfileName } from '../base/profile-name.js';
import type { Paths } from '../config/paths.js';
import { holdsOwnFiles, refuseLinkedProfileFolder, removeProfileFolder } from '../config/profile-folder.js';
import { changeSettings, readSettings, recordOf, type StorageKind } from '../config/settings.js';
import { readPrivateFile } from '../files/private-file.js';
import { readKeyFile } from '../secrets/key-text.js';
import type { Context } from './context.js';
import { withLockedContext } from './locked-context.js';
import { type KeyPlace, removeUnderLock } from './remove.js';

/** A profile as a list shows it: a stable shape. */
export interface ProfileEntry {
  readonly name: string;
  /** Whether `config.json` makes it the one that is used when nothing else names one. */
  readonly current: boolean;
  /** Where its key is; `null` when it has none that can be seen without asking a keychain. */
  readonly storage: StorageKind | null;
  readonly url: string;
  /** The account that the key belonged to when it was saved, where that is known. */
  readonly account?: string;
  /** The last four characters of the key, where they are known without asking a keychain or a program. */
  readonly suffix?: string;
}

/** What removing a profile did: the places that held its key, and the files of others that stay in its folder. */
export interface RemovedProfile {
  readonly removed: readonly KeyPlace[];
  readonly foreign: readonly string[];
}

/** Every profile that is recorded or has files of its own, and `default`. Asks no keychain. */
export async function listProfiles(paths: Paths): Promise<ProfileEntry[]> {
  const settings = await readSettings(paths);
  const names = new Set(['default', ...Object.keys(settings.profiles), ...(await profilesWithFiles(paths))]);
  const entries = [...names].sort().map(async (name): Promise<ProfileEntry> => {
    const record = recordOf(settings, name);
    const storage = record?.storage ?? ((await hasKeyFile(paths, name)) ? 'file' : null);
    return {
      name,
      current: name === (settings.current ?? 'default'),
      storage,
      url: record?.url ?? DEFAULT_URL,
      ...wordOf('account', record?.account),
      ...wordOf('suffix', storage === 'file' ? await suffixInFile(paths, name) : record?.suffix),
    };
  });
  return Promise.all(entries);
}

/**
 * Makes a profile the one that is used when nothing else names one.
 *
 * @throws UsageError when there is no such profile, as when another process removed it just now.
 */
export async function useProfile(context: Context, name: string): Promise<void> {
  await withLockedContext(context, async ({ paths }) => {
    const known = await listProfiles(paths);
    if (!known.some((entry) => entry.name === name)) {
      throw new UsageError(`There is no profile "${name}".`, [
        { do: 'save-key', profile: name, purpose: 'Make it by saving a key' },
        { do: 'list-profiles' },
      ]);
    }
    await changeSettings(paths, (settings) => ({ ...settings, current: name }));
  });
}

/**
 * Removes the context's profile: its keys, its record, and what vastai keeps in its folder, which goes when
 * nothing else is in it; `default` is then current if it was. All in one go under the lock, so that a key that
 * another process saves is either removed with the rest or comes after.
 *
 * @throws StorageError when a key is still somewhere, or its folder is a symbolic link; the profile is then
 * still there.
 */
export async function removeProfile(context: Context): Promise<RemovedProfile> {
  return withLockedContext(context, async (now) => {
    const { paths, profile } = now;
    await refuseLinkedProfileFolder(paths, profile.name);
    const removed = await removeUnderLock(now);
    await changeSettings(paths, ({ current, ...settings }) => {
      const { [profile.name]: _, ...profiles } = settings.profiles;
      const isOther = current !== undefined && current !== profile.name;
      return { ...settings, ...(isOther ? { current } : {}), profiles };
    });
    return { removed, foreign: await removeProfileFolder(paths, profile.name) };
  });
}

async function profilesWithFiles(paths: Paths): Promise<string[]> {
  const folders = await readdir(join(paths.configFolder, 'profiles')).catch(() => []);
  const named = folders.filter(isProfileName);
  const own = await Promise.all(named.map((name) => holdsOwnFiles(paths, name)));
  return named.filter((_, index) => own[index]);
}

async function suffixInFile(paths: Paths, name: string): Promise<string | undefined> {
  const lookup = await readKeyFile(paths.keyFile(name));
  return lookup.state === 'present' ? lookup.key.suffix : undefined;
}

/** What was noted only to be shown is no reason to refuse a file that somebody changed by hand. */
function wordOf(name: 'account' | 'suffix', noted: unknown): Partial<ProfileEntry> {
  return typeof noted === 'string' && noted !== '' ? { [name]: noted } : {};
}

async function hasKeyFile(paths: Paths, name: string): Promise<boolean> {
  return (await readPrivateFile(paths.keyFile(name)).catch(() => ({}))) !== undefined;
}
