import type { Advice, Guidance } from '../base/advice.js';
import type { Lookup } from '../secrets/lookup.js';

/** The kinds of place that a key can come from, as `auth status --json` names them. */
export type SourceName = 'flag' | 'env' | 'env_file' | 'keychain' | 'file' | 'command' | 'legacy';

/** One place that is asked for a key. It answers for itself, so that nobody has to know which kind of place it is. */
export interface Source {
  readonly name: SourceName;
  /** Where it is, in words for the person: `VAST_API_KEY`, a path, `keychain (vastai, default)`. */
  readonly location: string;
  /** The API that its key was saved for, and belongs to; `undefined` for a key that was given just now. */
  readonly boundOrigin: URL | undefined;
  /** Whether the chain asks it. One that is only shown holds a copy that is no longer used. */
  readonly searched: boolean;
  /** Whether a look costs nothing: no keychain or program is asked, which may take long or want a password. */
  readonly isFree: boolean;
  /** The kind of place, where vastai writes and removes keys; a flag, a variable and a key command are none. */
  readonly place?: 'keychain' | 'file' | 'legacy';
  /** How a saved key comes to be used in place of this one, which was given just now. */
  readonly toUseSaved?: Guidance;
  /** Whether the settings say that the key is here, so that it need not be read to know. */
  readonly configured: boolean;
  /** Whose fault it is when its key cannot be used: what was typed or set, or a store. */
  readonly faultOf: 'usage' | 'storage';
  /** What to do when the API does not accept its key. */
  readonly whenRejected: readonly Advice[];
  read(): Promise<Lookup>;
}
