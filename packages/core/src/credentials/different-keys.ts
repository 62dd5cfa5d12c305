import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import type { KeyStore } from '../secrets/store.js';

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
  saved: PlacedKey,
  other: PlacedKey & { readonly in: KeyStore['kind'] },
  keep: boolean,
): readonly Advice[] {
  const replace: Advice = {
    do: 'migrate',
    ...(keep ? { to: 'keychain', keepFile: true } : { to: other.in }),
    force: true,
    purpose: `To replace ${other.key} with ${saved.key}`,
  };
  return other.in === 'keychain' ? [replace] : [replace, useFile(other)];
}

/** Makes the key in a file the saved one; as a new key it takes the place of every older copy. */
export function useFile({ key, location }: PlacedKey): Advice {
  return { do: 'save-key', from: location, purpose: `To use ${key} instead` };
}
