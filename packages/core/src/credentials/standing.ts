import { START_OVER } from '../base/advice.js';
import type { Lookup, Problem } from '../secrets/lookup.js';
import type { KeyStore } from '../secrets/store.js';
import { isOriginMismatch, keyForOtherApi } from './chain.js';
import type { Context } from './context.js';
import { adviceToKeepEither, describeDifference, type PlacedKey, useFile } from './different-keys.js';
import type { Source } from './source.js';

/** The first saved key that may be sent. */
export interface SavedKey extends PlacedKey {
  readonly boundOrigin: URL;
}

/**
 * Returns the problems that a key has because of its place: it is not used, left over, different from the saved one, or for
 * another API.
 *
 * @param winner the source whose key is sent
 * @param saved the first saved key among the sources before this one
 */
export function standingOf(
  source: Source,
  context: Context,
  lookup: Lookup,
  winner: Source | undefined,
  saved: SavedKey | undefined,
): Problem[] {
  if (lookup.state !== 'present') return [];
  const { place, location, boundOrigin } = source;
  const store = place === 'legacy' ? undefined : place;
  const copy = (kind: KeyStore['kind']) => [
    problemOfCopy(context, { key: lookup.key, location, in: kind }, saved),
  ];
  // Only the recorded key is known to belong to an API.
  if (store !== undefined && !source.searched) return copy(store);
  if (isOriginMismatch(source, context.url)) {
    const message = `This key belongs to ${boundOrigin?.origin} and is not sent to ${context.url.origin}.`;
    return [{ code: 'other_origin', message, fix: keyForOtherApi(context.url) }];
  }
  if (place === 'legacy') return [problemOfLegacy(source, { key: lookup.key, location }, saved)];
  if (store !== undefined && saved !== undefined) return copy(store);
  if (
    winner !== undefined &&
    winner !== source &&
    winner.boundOrigin === undefined &&
    boundOrigin !== undefined
  ) {
    const message = `${winner.location} is used instead of this saved key.`;
    return [{ code: 'shadowed', message, fix: winner.toUseSaved ?? '' }];
  }
  return [];
}

function problemOfLegacy(source: Source, legacy: PlacedKey, saved: SavedKey | undefined): Problem {
  if (
    saved === undefined ||
    saved.key.equals(legacy.key) ||
    saved.boundOrigin.origin !== source.boundOrigin?.origin
  ) {
    const message = 'This old key file still exists.';
    return { code: 'legacy_left', message, fix: [{ do: 'migrate', purpose: '' }] };
  }
  const message = `This old key file is not used: it contains a different key (${legacy.key}) from ${saved.location} (${saved.key}).`;
  const remove = {
    do: 'remove-file',
    path: legacy.location,
    purpose: 'If older tools no longer need it',
  } as const;
  return { code: 'legacy_left', message, fix: [remove, useFile(legacy)] };
}

/** Returns the problem of a copy in a store other than the recorded one. */
function problemOfCopy(
  { record }: Context,
  copy: PlacedKey & { readonly in: KeyStore['kind'] },
  saved: SavedKey | undefined,
): Problem {
  const isCommand = record?.storage === 'command';
  if (!isCommand && saved !== undefined && !saved.key.equals(copy.key)) {
    const message = describeDifference(saved, copy);
    return { code: 'different_copy', message, fix: adviceToKeepEither(saved, copy, copy.in === 'file') };
  }
  if (copy.in === 'file' && record?.kept_file) {
    const message = '--keep-file left this copy for other tools. vastai does not use it.';
    return { code: 'kept_copy', message, fix: [{ do: 'save-key', purpose: 'The next save removes it' }] };
  }
  const message = 'This copy is not used: config.json names another store. Other tools may read it.';
  if (isCommand) {
    return {
      code: 'unused_copy',
      message,
      fix: [{ do: 'remove-key', purpose: 'If no other tool needs it, remove it' }],
    };
  }
  const to = copy.in === 'file' ? 'keychain' : 'file';
  const remove = [{ do: 'migrate', to, purpose: '' }] as const;
  return { code: 'unused_copy', message, fix: saved === undefined ? START_OVER : remove };
}
