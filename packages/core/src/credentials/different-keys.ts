import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import type { KeyStore } from '../secrets/store.js';

/** A key, and its human-readable location. */
export interface PlacedKey {
  readonly key: ApiKey;
  readonly location: string;
}

/** Describes two different keys of one profile. Only a person can know which one to keep. */
export function describeDifference(saved: PlacedKey, other: PlacedKey): string {
  return `${other.location} has a different key (${other.key}) from the saved one (${saved.key}, ${saved.location}).`;
}

/**
 * Advises how to keep either of two different keys.
 *
 * @param other the key that is not the saved one, in the store `in`
 * @param keep true if the saved key is to be in the keychain, with a copy in the file
 */
export function adviceToKeepEither(
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

/** Advises saving the key in a file as a new key, which replaces every older copy. */
export function useFile({ key, location }: PlacedKey): Advice {
  return { do: 'save-key', from: location, purpose: `To use ${key} instead` };
}
