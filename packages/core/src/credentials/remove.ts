import { readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isVastaiError, type VastaiError, withDetails } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { type ProfileRecord, recordProfile } from '../config/settings.js';
import { removePrivateFile } from '../files/private-file.js';
import type { Context } from './context.js';
import { withLockedContext } from './locked-context.js';

/** A place from which a key can be removed. */
export interface KeyPlace {
  /** Kind of place; `legacy` is `~/.vast_api_key`. */
  readonly storage: 'keychain' | 'file' | 'legacy';
  /** Human-readable location: a path, or `keychain (vastai, default)`. */
  readonly location: string;
}

/** Lists the places that hold, or may hold, a key of the context's profile. */
export async function keyPlaces(context: Context): Promise<KeyPlace[]> {
  const places: KeyPlace[] = [];
  for (const { place, location, read } of context.sources) {
    if (place !== undefined && (await read()).state !== 'absent') places.push({ storage: place, location });
  }
  return places;
}

/**
 * Removes the key of a context's profile from every place, and the record of its place. The record keeps the API, for the
 * next key, and a program that prints the key.
 *
 * The key in use is removed last, so that a failure or a kill never leaves another copy in use. The record of its place is
 * removed right before, because a key without a record is still found, but a record without a key is an error.
 *
 * @returns the places from which a key was removed, the one in use first
 * @throws StorageError if a key could not be removed. `data.removed` of the error lists the places that were cleared.
 */
export async function removeKeys(context: Context): Promise<KeyPlace[]> {
  return withLockedContext(context, removeUnderLock);
}

/** Does what `removeKeys` does, for a caller that holds the lock and has reopened the context under it. */
export async function removeUnderLock(context: Context): Promise<KeyPlace[]> {
  const { paths, profile, record } = context;
  // First, so that no session is left without its key. The key of a program stays, and so does its session.
  if (record?.storage !== 'command') {
    await forgetSession(context);
    if (record?.tfa_session !== undefined) return removeUnderLock(await context.reopen());
  }
  const removed: KeyPlace[] = [];
  const remove = async (place: KeyPlace) => {
    const isGone = await removeFrom(context, place).catch((error) => {
      throw isVastaiError(error) ? stillThere(error, place, removed) : error;
    });
    if (isGone) removed.unshift(place);
  };
  const [inUse, ...others] = await keyPlaces(context);
  for (const place of others.reverse()) await remove(place);
  const forget = () => forgetStore(context, record);
  const removeLast = async () => inUse === undefined || remove(inUse);
  try {
    // A key that may belong to another API stays recorded as pending until it is removed.
    for (const step of record?.pending ? [removeLast, forget] : [forget, removeLast]) await step();
  } catch (error) {
    await recordProfile(paths, profile.name, record).catch(() => {});
    throw error;
  }
  return removed;
}

/** Removes the profile's two-factor session, also one that is not noted, and says so. @throws StorageError if it may still be there. */
export async function forgetSession(context: Context): Promise<void> {
  const { removeSessionUnderLock } = await import('./session.js');
  const place = await removeSessionUnderLock(context);
  if (place !== undefined) context.notify?.(`Removed the two-factor session from ${place.location}`);
}

async function forgetStore({ paths, profile }: Context, record: ProfileRecord | undefined): Promise<void> {
  if (record?.storage === 'command') return;
  const { url = DEFAULT_URL } = record ?? {};
  await recordProfile(paths, profile.name, url === DEFAULT_URL ? undefined : { url });
}

async function removeFrom(context: Context, { storage, location }: KeyPlace): Promise<boolean> {
  const { paths, profile, stores, notify } = context;
  const target = storage === 'keychain' ? undefined : await readlink(location).catch(() => undefined);
  const isGone = await (storage === 'legacy'
    ? removePrivateFile(paths.legacyFile)
    : stores[storage].remove(profile.name));
  if (target !== undefined && isGone)
    notify?.(
      `${location} was a symbolic link. Its target was not removed: ${resolve(dirname(location), target)}`,
    );
  return isGone;
}

function stillThere(error: VastaiError, { location }: KeyPlace, removed: readonly KeyPlace[]): VastaiError {
  const gone = removed.map((place) => place.location).join(', ');
  const message = `The key is still in ${location}. ${error.message}${gone === '' ? '' : ` Removed: ${gone}.`}`;
  return withDetails(error, { message, data: { removed } });
}
