import type { Advice, Guidance } from '../base/advice.js';
import type { Lookup } from '../secrets/lookup.js';

/** The kind of place that a key can come from, as in `auth status --json`. */
export type SourceName =
  | 'flag'
  | 'env'
  | 'env_file'
  | 'keychain'
  | 'file'
  | 'command'
  | 'legacy'
  | 'container';

/** One place that a key can come from. */
export interface Source {
  readonly name: SourceName;
  /** Human-readable location: `VAST_API_KEY`, a path, `keychain (vastai, default)`. */
  readonly location: string;
  /** API that its key was saved for, and is only sent to; `undefined` for a key that was passed to this run. */
  readonly boundOrigin: URL | undefined;
  /** True if its key can be used; false if it can only hold an unused copy. */
  readonly searched: boolean;
  /** True if it can be read without asking a keychain or a program, which may take long or want a password. */
  readonly isFree: boolean;
  /** Kind of place, if vastai writes keys there; absent for a flag, a variable and a key command. */
  readonly place?: 'keychain' | 'file' | 'legacy';
  /** Sentences or steps for using the saved key instead of this one, which was passed to the run. */
  readonly toUseSaved?: Guidance;
  /** True if `config.json` says that the key is here. */
  readonly configured: boolean;
  /** Code of the error if its key cannot be used: `usage` for a key that was passed, `storage` for a saved one. */
  readonly faultOf: 'usage' | 'storage';
  /** Steps to advise if the API rejects its key. */
  readonly whenRejected: readonly Advice[];
  /** Steps to advise if the API requires a two-factor session for its key, or the session of its key has ended. */
  readonly whenTwoFactor?: readonly Advice[];
  /** Reads the key. A failure is part of the result. */
  read(): Promise<Lookup>;
}
