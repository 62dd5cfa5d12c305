import type { Holder } from '../../files/lock-holder.js';

/** Holds what every entry of the ledger says. No field is ever a key. All times are whole seconds since 1970. */
interface Common {
  /** Random id of this entry, of `newEntryId`; not that of a key. */
  readonly entry: string;
  /** Origin of the API, such as `https://console.vast.ai`. */
  readonly origin: string;
}

/** A key of the account, as the ledger names it. */
export interface LedgerKey {
  readonly id: number;
  /** Name of the key; null if it has none. */
  readonly name: string | null;
  /** Fingerprint of its value (`fingerprintOf`); absent if this machine never had the value. */
  readonly fingerprint?: string;
}

/** A rotation that is not finished. It is written before the new key is requested, and removed once the old key is gone. */
export interface RotationEntry extends Common {
  readonly kind: 'rotation';
  /** Profile whose store gets the new key; null if the new key is printed. */
  readonly profile: string | null;
  /** Store of that profile; null if the new key is printed. */
  readonly storage: 'keychain' | 'file' | null;
  readonly old: LedgerKey;
  /** The new key. Its name, which no other key of the account has, is known first; the API then returns id and value. */
  readonly new: { readonly name: string; readonly id?: number; readonly fingerprint?: string };
  /** The step that comes next. Every step before it is done. */
  readonly next: 'create' | 'store' | 'delete';
  readonly started: number;
  /** Time until which the old key was to be kept (`--grace`). Nothing deletes it by itself. */
  readonly finish_after?: number;
}

/** A reset that was requested. It is removed once the new key is saved or printed. */
export interface ResetEntry extends Common {
  readonly kind: 'reset';
  /** Profile whose store gets the new key; null if the new key is printed. */
  readonly profile: string | null;
  /** Fingerprint of the key that is reset. */
  readonly old: string;
  /** Fingerprint of the new key, once the API has returned it. */
  readonly new?: string;
  readonly started: number;
}

/** A key of one run of `exec --ephemeral`. It is written before the key is used, and removed once the key is deleted. */
export interface EphemeralEntry extends Common {
  readonly kind: 'ephemeral';
  /** Profile of the run; null if its key came from a flag or a variable. */
  readonly profile: string | null;
  /** Name of the key, which no other key of the account has. */
  readonly name: string;
  /** Id of the key, once the API has returned it. */
  readonly id?: number;
  /** Fingerprint of the key that made this one. Only that key proves that this one is gone. */
  readonly maker: string;
  /** The process that deletes the key, with host, boot, PID namespace and start time: see `livenessOf`. */
  readonly process: Holder;
  readonly started: number;
  /** Time at which `--ttl` ends the run. */
  readonly expires?: number;
}

/** The date that `create api-key --expires` noted. vastai keeps it, not Vast.ai. It is removed once the key is gone. */
export interface ExpiryEntry extends Common {
  readonly kind: 'expiry';
  /** Id of the key. */
  readonly id: number;
  readonly name: string;
  /** Time from which `prune api-keys --expired` deletes the key. */
  readonly expires: number;
  /** Fingerprint of the key that made this one. */
  readonly maker: string;
  readonly started: number;
}

/** One thing that vastai made and has to finish or clean up. */
export type LedgerEntry = RotationEntry | ResetEntry | EphemeralEntry | ExpiryEntry;

/** Returns the entries of one kind. */
export function entriesOf<K extends LedgerEntry['kind']>(
  entries: readonly LedgerEntry[],
  kind: K,
): Extract<LedgerEntry, { kind: K }>[] {
  return entries.filter((entry): entry is Extract<LedgerEntry, { kind: K }> => entry.kind === kind);
}
