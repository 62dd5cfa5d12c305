import { readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isVastaiError, type VastaiError, withDetails } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { type ProfileRecord, recordProfile } from '../config/settings.js';
import { removePrivateFile } from '../files/private-file.js';
import type { Context } from './context.js';
import { withLockedContext } from './locked-context.js';

/** Names a place from which a key can be removed. */
export interface KeyPlace {
  /** Kind of place; `legacy` is `~/.vast_api_key`. */
  readonly storage: 'keychain' | 'file' | 'legacy';
  /** Place in words for a person: a path, or `keychain (vastai, default)`. */
  readonly location: string;
}

/** The places that hold, or may hold, a key of the context's profile. */
export async function keyPlaces(context: Context): Promise<KeyPlace[]> {
  const places: KeyPlace[] = [];
  for (const { place, location, read } of context.sources) {
    if (place !== undefined && (await read()).state !== 'absent') places.push({ storage: place, location });
  }
  return places;
}

/**
 * Removes the key of a context's profile from every place it is in, and the record of the place. Its API stays on
 * record, so that the next key goes there; so does a program that prints the key.
 *
 * The key in use goes last, so that neither a failure nor a kill makes another copy the one in use. The record goes just
 * before it, because without one the key is found where it is, and a record without its key is an error.
 *
 * @returns the places from which a key was removed, the one in use first
 * @throws StorageError when a key is still somewhere; `data.removed` of the error has the places from which it is gone.
 */
export async function removeKeys(context: Context): Promise<KeyPlace[]> {
  return withLockedContext(context, removeUnderLock);
}

/** `removeKeys` for who holds the lock already, and reopened the context since. */
export async function removeUnderLock(context: Context): Promise<KeyPlace[]> {
  const { paths, profile, record } = context;
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
    // A key that may belong to another API stays on record as one to the end.
    for (const step of record?.pending ? [removeLast, forget] : [forget, removeLast]) await step();
  } catch (error) {
    await recordProfile(paths, profile.name, record).catch(() => {});
    throw error;
  }
  return removed;
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
      `${location} was a symbolic link. What it leads to is still there: ${resolve(dirname(location), target)}`,
    );
  return isGone;
}

function stillThere(error: VastaiError, { location }: KeyPlace, removed: readonly KeyPlace[]): VastaiError {
  const gone = removed.map((place) => place.location).join(', ');
  const message = `The key is still in ${location}. ${error.message}${gone === '' ? '' : ` Removed: ${gone}.`}`;
  return withDetails(error, { message, data: { removed } });
}
