import type { Session } from '../session.js';
import { isWithheld } from './chain.js';
import { describeDifference, type PlacedKey, profileFlag, useFile, waysOut } from './different-keys.js';
import type { Problem, Reading } from './reading.js';
import { removeAllOf } from './saved-sources.js';
import type { Source } from './source.js';
import type { KeyStore } from './store.js';

/** The first key that was saved and may be sent. */
export interface SavedKey extends PlacedKey {
  readonly savedFor: URL;
}

/**
 * Says what is wrong with a key because of where it is: unused, left over, different from the saved one, or
 * another API's.
 *
 * @param winner the source whose key is sent
 * @param saved the first saved key among the sources before this one
 */
export function standingOf(
  source: Source,
  session: Session,
  reading: Reading,
  winner: Source | undefined,
  saved: SavedKey | undefined,
): Problem[] {
  if (reading.state !== 'present') return [];
  const { name, location, savedFor } = source;
  const isStore = name === 'file' || name === 'keychain';
  const copy = (kind: KeyStore['kind']) => [
    problemOfCopy(session, { key: reading.key, location, in: kind }, saved),
  ];
  // What belongs to which API is only known of the key on record.
  if (isStore && !source.consulted) return copy(name);
  if (isWithheld(source, session.url)) {
    const message = `This key belongs to ${savedFor?.origin} and is not sent to ${session.url.origin}.`;
    return [
      { code: 'other_origin', message, fix: 'Pass a key for this API with --api-key or VAST_API_KEY.' },
    ];
  }
  if (name === 'legacy') return [problemOfLegacy(session, source, { key: reading.key, location }, saved)];
  if (isStore && saved !== undefined) return copy(name);
  if (winner !== undefined && winner !== source && winner.savedFor === undefined && savedFor !== undefined) {
    const message = `${winner.location} is used instead of this saved key.`;
    return [
      {
        code: 'shadowed',
        message,
        fix: `Unset ${winner.name === 'env' ? 'VAST_API_KEY' : winner.location} to use the saved key.`,
      },
    ];
  }
  return [];
}

function problemOfLegacy(
  { profile }: Session,
  source: Source,
  legacy: PlacedKey,
  saved: SavedKey | undefined,
): Problem {
  if (
    saved === undefined ||
    saved.key.equals(legacy.key) ||
    saved.savedFor.origin !== source.savedFor?.origin
  ) {
    const message = 'This file of older tools is still there.';
    return { code: 'legacy_left', message, fix: `vastai config migrate${profileFlag(profile)}` };
  }
  const message = `This file of older tools holds another key (${legacy.key}) than ${saved.location} (${saved.key}), and is not used.`;
  const fix = `rm ${legacy.location}, if older tools no longer need it.\nTo use ${legacy.key} instead: ${useFile(profile, legacy.location)}`;
  return { code: 'legacy_left', message, fix };
}

/** Says what is wrong with a copy in a store that is not the profile's own. */
function problemOfCopy(
  { record, profile }: Session,
  copy: PlacedKey & { readonly in: KeyStore['kind'] },
  saved: SavedKey | undefined,
): Problem {
  const isCommand = record?.storage === 'command';
  if (!isCommand && saved !== undefined && !saved.key.equals(copy.key)) {
    const message = describeDifference(saved, copy);
    return { code: 'different_copy', message, fix: waysOut(profile, saved, copy, copy.in === 'file') };
  }
  if (copy.in === 'file' && record?.kept_file) {
    const message = '--keep-file left this copy for other tools. It is not used here.';
    return { code: 'kept_copy', message, fix: 'The next "vastai set api-key" removes it.' };
  }
  const message = 'This copy is not used: config.json names another store. Other tools may read it.';
  if (isCommand) {
    return {
      code: 'unused_copy',
      message,
      fix: `vastai unset api-key${profileFlag(profile)}, if no other tool needs it.`,
    };
  }
  const migrate = `vastai config migrate --to ${copy.in === 'file' ? 'keychain' : 'file'}${profileFlag(profile)}`;
  return { code: 'unused_copy', message, fix: saved === undefined ? removeAllOf(profile.name) : migrate };
}
