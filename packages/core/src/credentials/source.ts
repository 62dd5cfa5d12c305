import type { Advice, Guidance } from '../base/advice.js';
import type { Lookup } from '../secrets/lookup.js';

/** Names a kind of place that a key can come from, as `auth status --json` names it. */
export type SourceName = 'flag' | 'env' | 'env_file' | 'keychain' | 'file' | 'command' | 'legacy';

/** Reads a key from one place that it can come from. */
export interface Source {
  readonly name: SourceName;
  /** Place in words for a person: `VAST_API_KEY`, a path, `keychain (vastai, default)`. */
  readonly location: string;
  /** API that its key was saved for, and is sent to alone; `undefined` for a key that was passed to this run. */
  readonly boundOrigin: URL | undefined;
  /** True where it is asked for the key; false where it can only hold a copy that is not used. */
  readonly searched: boolean;
  /** True where reading costs nothing: no keychain or program is asked, which may take long or want a password. */
  readonly isFree: boolean;
  /** Kind of place, where vastai writes and removes keys there; absent for a flag, a variable and a key command. */
  readonly place?: 'keychain' | 'file' | 'legacy';
  /** Sentences or steps by which a saved key comes to be used in place of this one, which was passed to this run. */
  readonly toUseSaved?: Guidance;
  /** True where `config.json` says that the key is here. */
  readonly configured: boolean;
  /** Code of the error when its key cannot be used: `usage` where it was passed, `storage` where it was saved. */
  readonly faultOf: 'usage' | 'storage';
  /** Steps to advise when the API does not accept its key. */
  readonly whenRejected: readonly Advice[];
  /** Reads the key; what goes wrong is part of what it returns. */
  read(): Promise<Lookup>;
}
