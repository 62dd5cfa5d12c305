import type { Advice } from '../base/advice.js';
import type { Lookup } from '../secrets/lookup.js';

/** The kinds of place that a key can come from, as `auth status --json` names them. */
export type SourceName = 'flag' | 'env' | 'env_file' | 'keychain' | 'file' | 'command' | 'legacy';

/** One place that is asked for a key. */
export interface Source {
  readonly name: SourceName;
  /** Where it is, in words for the person: `VAST_API_KEY`, a path, `keychain (vastai, default)`. */
  readonly location: string;
  /** The API that its key was saved for, and belongs to; `undefined` for a key that was given just now. */
  readonly boundOrigin: URL | undefined;
  /** Whether the chain asks it. One that is only shown holds a copy that is no longer used. */
  readonly searched: boolean;
  /** Whether the settings say that the key is here, so that it need not be read to know. */
  readonly configured: boolean;
  /** Whose fault it is when its key cannot be used: what was typed or set, or a store. */
  readonly faultOf: 'usage' | 'storage';
  /** What to do when the API does not accept its key. */
  readonly whenRejected: readonly Advice[];
  read(): Promise<Lookup>;
}
