import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { isVastaiError, type VastaiError, withDetails } from '../base/errors.js';
import { type KeptFile, keepPrivateFile } from '../files/kept-file.js';
import type { Lookup } from '../secrets/lookup.js';
import { isUntouched, type KeptKey, type KeyStore } from '../secrets/store.js';
import type { Context } from './context.js';

/** What a save found, kept until the new key is on record. */
export interface Before {
  readonly key: KeptKey;
  readonly settings: KeptFile;
}

/** Keeps the store's key and the settings. @throws StorageError when it cannot; nothing has changed then. */
export async function keepBefore({ paths, profile }: Context, store: KeyStore): Promise<Before> {
  const settings = await keepPrivateFile(paths.settingsFile);
  try {
    return { settings, key: await store.keep(profile.name) };
  } catch (error) {
    await succeeds(settings.discard());
    throw error;
  }
}

/** Removes what was kept; gives the reason for each thing that stays. */
export async function letGo(before: Before): Promise<string[]> {
  const ended = await Promise.allSettled([before.settings.letGo(), before.key.letGo()]);
  return ended.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
}

interface FailedSave {
  readonly context: Context;
  readonly store: KeyStore;
  readonly key: ApiKey;
  /** The API that the new key belongs to. */
  readonly boundOrigin: URL;
  readonly before: Before;
  /** How far it came: whether the settings were changed for the time in between, and whether the key was written. */
  readonly done: { readonly isRecorded: boolean; readonly isWritten: boolean };
  readonly error: unknown;
}

/**
 * Goes back after a save that failed. The settings go back only when the old key was read back from the store;
 * else they stay as they are, so that no key is on record for another API than its own.
 *
 * @returns the error to throw, which says what could not be put back.
 */
export async function goBack(failed: FailedSave): Promise<unknown> {
  const { context, store, before, done, error } = failed;
  const isKeyBack = !done.isWritten || isUntouched(error) || (await putKeyBack(context, store, before.key));
  const areSettingsBack = !done.isRecorded || (isKeyBack && (await succeeds(before.settings.putBack())));
  await succeeds(before.settings.discard());
  // Where it is not back, what was kept may be the only copy.
  if (isKeyBack) await succeeds(before.key.discard());
  if (!isVastaiError(error) || (isKeyBack && areSettingsBack)) return error;
  return inDoubt(failed, error, isKeyBack, areSettingsBack);
}

/** Tells whether a step back worked. The error to report stays the one that led here. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

async function putKeyBack({ profile }: Context, store: KeyStore, kept: KeptKey): Promise<boolean> {
  if (!(await succeeds(kept.putBack()))) return false;
  return isSame(kept.lookup, await store.read(profile.name));
}

function isSame(before: Lookup, now: Lookup): boolean {
  if (before.state === 'present') return now.state === 'present' && before.key.equals(now.key);
  if (before.state === 'absent') return now.state === 'absent';
  return now.state === 'unreadable' && now.problem.code === before.problem.code;
}

function inDoubt(
  { context, store, key, boundOrigin, before }: FailedSave,
  error: VastaiError,
  isKeyBack: boolean,
  areSettingsBack: boolean,
): VastaiError {
  const { name } = context.profile;
  const { lookup, path } = before.key;
  const sentences = [error.message];
  if (!isKeyBack) {
    const instead = lookup.state === 'present' ? ` instead of the old one (${lookup.key})` : '';
    sentences.push(`The new key (${key}) may be in ${store.locate(name)} now${instead}.`);
    if (path !== undefined) sentences.push(`The old file is kept as ${path}.`);
  }
  if (!areSettingsBack) {
    sentences.push(
      lookup.state === 'absent'
        ? `Profile "${name}" is set to ${boundOrigin.origin} now.`
        : 'Until you save a key again, the key there is not sent to any API.',
    );
  }
  const settle: Advice = {
    do: 'save-key',
    url: boundOrigin.origin,
    purpose: 'To settle this, save the key again',
  };
  return withDetails(error, { message: sentences.join(' '), advice: [...(error.advice ?? []), settle] });
}
