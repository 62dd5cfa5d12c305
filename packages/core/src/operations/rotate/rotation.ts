import type { ApiKeyRecord } from '../../api/api-keys.js';
import type { Advice } from '../../base/advice.js';
import type { ApiKey } from '../../base/api-key.js';
import { type VastaiError, withDetails } from '../../base/errors.js';
import type { Context } from '../../credentials/context.js';
import type { UnsavedKey } from '../../credentials/unsaved-key.js';
import type { Client } from '../../http/client.js';
import type { KeyStore } from '../../secrets/store.js';
import type { RotationEntry } from '../ledger/entries.js';
import { withoutExpiryOf } from '../ledger/inherit.js';
import { changeLedger, type LedgerPlace } from '../ledger/ledger.js';

/** Holds what a rotation works with. */
export interface RotationContext {
  readonly context: Context;
  /** Id of the key that is rotated, or that is to be. */
  readonly id: number;
  /** Key of this run: the one that is rotated, or one that may rotate it. */
  readonly key: ApiKey;
  /** Sends that key. */
  readonly client: Client;
  /** Store that gets the new key, in which the old one is; without one, the new key is printed. */
  readonly store: KeyStore | undefined;
  /** Returns a client that sends the new key. */
  clientOf(key: ApiKey): Promise<Client>;
  /** Compares two keys as the API lists them. Returns a sentence if they may not do the same. */
  compare(old: ApiKeyRecord, made: ApiKeyRecord): string | undefined;
  /** Time for which the old key is kept, in seconds; without it, the old key is deleted at once. */
  readonly grace: number | undefined;
  /** Ends the work between two steps, and waits. */
  readonly signal: AbortSignal;
}

/** The result of a rotation. */
export interface Rotated {
  readonly old: { readonly id: number; readonly name: string | null };
  readonly made: { readonly id: number; readonly name: string; readonly key: ApiKey };
  /** Place of the new key; absent if it has to be printed. */
  readonly saved?: { readonly storage: KeyStore['kind']; readonly location: string };
  /** File that holds a new key that has to be printed; absent if it could not be written. */
  readonly kept?: UnsavedKey | undefined;
  /** Time at which the new key expires, like the old one, in seconds since 1970. */
  readonly expires?: number | undefined;
  /** True if the old key is gone. */
  readonly deleted: boolean;
  /** Time until which the old key is kept, in seconds since 1970. */
  readonly finishAfter?: number;
  /** Reason why the API never deletes the old key. */
  readonly undeletable?: string;
}

/** Returns the step that goes on with a rotation. */
export function adviceToResume({ profile, old }: RotationEntry): Advice {
  return { do: 'rotate-key', how: 'resume', ...ofWhich(profile, old.id) };
}

/** Returns the step that deletes the old key of a rotation. */
export function adviceToFinish({ profile, old }: RotationEntry): Advice {
  return { do: 'rotate-key', how: 'finish', ...ofWhich(profile, old.id) };
}

function ofWhich(profile: string | null, id: number): { profile?: string; id?: number } {
  return profile === null ? { id } : { profile };
}

/** Removes a rotation from the ledger, with what is noted about the key that it has deleted. @throws StorageError */
export async function closeRotation(place: LedgerPlace, entry: RotationEntry, gone: number): Promise<void> {
  await changeLedger(place, (entries) =>
    withoutExpiryOf(entries, entry.origin, gone).filter((one) => one.entry !== entry.entry),
  );
}

/** Adds to an error that the rotation is open, and can be continued. */
export function leftOpen(error: VastaiError, entry: RotationEntry, state: string): VastaiError {
  const { profile } = entry;
  const login: readonly Advice[] =
    error.code === 'two_factor' && profile !== null ? [{ do: 'tfa-login', profile }] : [];
  return withDetails(error, {
    message: `${error.message} ${state}`,
    hint: '',
    advice: [...login, adviceToResume(entry), ...ifRevoked(error, entry)],
  });
}

/** Returns the way out if the new key was revoked after it was saved: no rotation can continue with it. */
function ifRevoked({ code }: VastaiError, { profile, next }: RotationEntry): readonly Advice[] {
  if (code !== 'key_rejected' || next !== 'delete' || profile === null) return [];
  return [{ do: 'save-key', profile, purpose: 'If the new key was revoked, save another one' }];
}
