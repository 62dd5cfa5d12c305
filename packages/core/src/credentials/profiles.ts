import { readdir } from 'node:fs/promises';
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
import { forgetSession, type KeyPlace, removeUnderLock } from './remove.js';

/** Describes a profile in a list. Its shape is stable. */
export interface ProfileEntry {
  readonly name: string;
  /** True for the profile that is used unless a flag, a variable or a `.vastai-profile` names another. */
  readonly current: boolean;
  /** Place of its key; `null` if no key can be found without asking a keychain. */
  readonly storage: StorageKind | null;
  readonly url: string;
  /** Account that the key belonged to when it was saved, if known. */
  readonly account?: string;
  /** Last four characters of the key, if known without asking a keychain or a program. */
  readonly suffix?: string;
}

/** The result of removing a profile. */
export interface RemovedProfile {
  /** Places that held its key. */
  readonly removed: readonly KeyPlace[];
  /** Paths in its folder that vastai did not make, and left. */
  readonly foreign: readonly string[];
}

/** Lists every profile that is in `config.json` or has its own files, and `default`. Asks no keychain. */
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
 * Makes a profile the current one, which is used unless a flag, a variable or a `.vastai-profile` names another.
 *
 * @throws UsageError if the profile does not exist, for example because another process has just removed it.
 */
export async function useProfile(context: Context, name: string): Promise<void> {
  await withLockedContext(context, async ({ paths }) => {
    const known = await listProfiles(paths);
    if (!known.some((entry) => entry.name === name)) {
      throw new UsageError(`Profile "${name}" does not exist.`, [
        { do: 'save-key', profile: name, purpose: 'Create it by saving a key' },
        { do: 'list-profiles' },
      ]);
    }
    await changeSettings(paths, (settings) => ({ ...settings, current: name }));
  });
}

/**
 * Removes the context's profile: its keys, its record, vastai's files in its folder, and the folder if nothing else is in
 * it. If the profile was current, `default` becomes current. Everything happens under one lock, so that a key that another
 * process saves is either removed too, or saved afterwards.
 *
 * @throws StorageError if a key could not be removed, or the folder is a symbolic link; the profile then still exists.
 */
export async function removeProfile(context: Context): Promise<RemovedProfile> {
  return withLockedContext(context, async (now) => {
    const { paths, profile } = now;
    await refuseLinkedProfileFolder(paths, profile.name);
    await forgetSession(now);
    const removed = await removeUnderLock(await now.reopen());
    await changeSettings(paths, ({ current, ...settings }) => {
      const { [profile.name]: _, ...profiles } = settings.profiles;
      const isOther = current !== undefined && current !== profile.name;
      return { ...settings, ...(isOther ? { current } : {}), profiles };
    });
    return { removed, foreign: await removeProfileFolder(paths, profile.name) };
  });
}

async function profilesWithFiles(paths: Paths): Promise<string[]> {
  const folders = await readdir(paths.profilesFolder).catch(() => []);
  const named = folders.filter(isProfileName);
  const own = await Promise.all(named.map((name) => holdsOwnFiles(paths, name)));
  return named.filter((_, index) => own[index]);
}

async function suffixInFile(paths: Paths, name: string): Promise<string | undefined> {
  const lookup = await readKeyFile(paths.keyFile(name));
  return lookup.state === 'present' ? lookup.key.suffix : undefined;
}

/** Ignores a value of another type: a field that is only shown is no reason to reject a file that was edited by hand. */
function wordOf(name: 'account' | 'suffix', noted: unknown): Partial<ProfileEntry> {
  return typeof noted === 'string' && noted !== '' ? { [name]: noted } : {};
}

async function hasKeyFile(paths: Paths, name: string): Promise<boolean> {
  return (await readPrivateFile(paths.keyFile(name)).catch(() => ({}))) !== undefined;
}
