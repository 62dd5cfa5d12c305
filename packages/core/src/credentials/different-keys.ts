import type { ChosenProfile } from '../config/profile.js';
import { shellWord } from '../shell-word.js';
import type { ApiKey } from './api-key.js';
import type { KeyStore } from './store.js';

/** A key, and the place that holds it. */
export interface PlacedKey {
  readonly key: ApiKey;
  readonly location: string;
}

/** Names two keys of one profile, of which only the person knows which one is to stay. */
export function describeDifference(saved: PlacedKey, other: PlacedKey): string {
  return `${other.location} holds another key (${other.key}) than ${saved.location} (${saved.key}), which is the saved one.`;
}

/**
 * Tells how to end up with either of two different keys.
 *
 * @param other the key in the store `in` that is not the saved one
 * @param keep whether the saved key stays in the keychain and only its copy in the file is renewed
 */
export function waysOut(
  profile: ChosenProfile,
  saved: PlacedKey,
  other: PlacedKey & { readonly in: KeyStore['kind'] },
  keep: boolean,
): string {
  const flag = profileFlag(profile);
  const migrate = `vastai config migrate --to ${keep ? 'keychain --keep-file' : other.in} --force${flag}`;
  const replace = `To replace ${other.key} with ${saved.key}: ${migrate}`;
  if (other.in === 'keychain') return replace;
  return `${replace}\nTo use ${other.key} instead: ${useFile(profile, other.location)}`;
}

/** The command that makes the key in a file the saved one; as a new key it takes the place of every older copy. */
export function useFile(profile: ChosenProfile, path: string): string {
  return `vastai set api-key -${profileFlag(profile)} < ${shellWord(path)}`;
}

/** What addresses a profile in a command that is suggested: nothing where it is the one used without. */
export function profileFlag({ name, byFlag }: ChosenProfile): string {
  return byFlag || name !== 'default' ? ` --profile ${name}` : '';
}
