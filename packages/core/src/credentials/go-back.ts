import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { isVastaiError, type VastaiError, withDetails } from '../base/errors.js';
import { type KeptFile, keepPrivateFile } from '../files/kept-file.js';
import type { Lookup } from '../secrets/lookup.js';
import { isUntouched, type KeptKey, type KeyStore } from '../secrets/store.js';
import type { Context } from './context.js';

/** The state before a save, kept until the new key is recorded. */
export interface Before {
  readonly key: KeptKey;
  readonly settings: KeptFile;
}

/** Keeps the store's key and the settings, and changes nothing. @throws StorageError if they cannot be kept. */
export async function keepBefore({ paths, profile }: Context, store: KeyStore): Promise<Before> {
  const settings = await keepPrivateFile(paths.settingsFile);
  try {
    return { settings, key: await store.keep(profile.name) };
  } catch (error) {
    await succeeds(settings.discard());
    throw error;
  }
}

/** Removes what was kept. Returns a sentence for each thing that could not be removed. */
export async function letGo(before: Before): Promise<string[]> {
  const ended = await Promise.allSettled([before.settings.letGo(), before.key.letGo()]);
  return ended.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
}

/** Describes a save that failed. */
interface FailedSave {
  readonly context: Context;
  readonly store: KeyStore;
  readonly key: ApiKey;
  /** API that the new key belongs to. */
  readonly boundOrigin: URL;
  readonly before: Before;
  /** Steps that were begun: marking the record as pending, and writing the key. */
  readonly done: { readonly isRecorded: boolean; readonly isWritten: boolean };
  readonly error: unknown;
}

/**
 * Restores the state before a save that failed. It restores the settings only after it has read the old key back from the
 * store, so that no key is ever recorded for an API that it does not belong to.
 *
 * @returns the error to throw, which says what could not be restored.
 */
export async function goBack(failed: FailedSave): Promise<unknown> {
  const { context, store, before, done, error } = failed;
  const isKeyBack = !done.isWritten || isUntouched(error) || (await putKeyBack(context, store, before.key));
  const areSettingsBack = !done.isRecorded || (isKeyBack && (await succeeds(before.settings.putBack())));
  await succeeds(before.settings.discard());
  // If the key is not back, the kept one may be the only copy.
  if (isKeyBack) await succeeds(before.key.discard());
  if (!isVastaiError(error) || (isKeyBack && areSettingsBack)) return error;
  return inDoubt(failed, error, isKeyBack, areSettingsBack);
}

/** Returns true if a step of the restore worked. Its own error is not reported: the first one matters. */
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
    sentences.push(`The new key (${key}) may be in ${store.locate(name)}${instead}.`);
    if (path !== undefined) sentences.push(`The old file is kept as ${path}.`);
  }
  if (!areSettingsBack) {
    sentences.push(
      lookup.state === 'absent'
        ? `Profile "${name}" is now set to ${boundOrigin.origin}.`
        : 'Until you save a key again, that key is not sent to any API.',
    );
  }
  const settle: Advice = {
    do: 'save-key',
    url: boundOrigin.origin,
    purpose: 'Save the key again',
  };
  return withDetails(error, { message: sentences.join(' '), advice: [...(error.advice ?? []), settle] });
}
